//! `target/site`: what the program embeds. `pkg/` comes from the browser part, `assets/` from `style/` and `assets/`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::command::root;

/// Smaller files gain nothing by compression.
const WORTH_COMPRESSING: usize = 512;

/// The folder that the server embeds: always in the workspace, wherever cargo builds.
pub fn folder() -> PathBuf {
    root().join("target").join("site")
}

/// Makes `assets/`, and compresses everything that gets smaller by it.
pub fn collect() -> anyhow::Result<()> {
    let assets = folder().join("assets");
    if assets.exists() {
        fs::remove_dir_all(&assets)?;
    }
    fs::create_dir_all(&assets)?;
    copy(&root().join("assets"), &assets)?;
    let style = read_style(&root().join("style").join("main.css"))?;
    fs::write(assets.join("main.css"), squeeze(&style))?;
    compress(&folder())
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy(&entry.path(), &target)?;
        } else if target.extension().is_none_or(|extension| extension != "md") {
            // Notes about where an asset comes from are for us.
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

/// A style sheet with the files it imports in their place, each in the cascade layer it names.
fn read_style(path: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut whole = String::with_capacity(text.len());
    for line in text.lines() {
        match import(line) {
            None => whole.push_str(line),
            Some((name, layer)) => {
                let part = read_style(&folder.join(name))?;
                match layer {
                    Some(layer) => whole.extend(["@layer ", layer, " {\n", &part, "\n}"]),
                    None => whole.push_str(&part),
                }
            }
        }
        whole.push('\n');
    }
    Ok(whole)
}

/// `@import url("x.css") layer(y);` or `@import "x.css";`
fn import(line: &str) -> Option<(&str, Option<&str>)> {
    let rest = line.trim().strip_prefix("@import")?.trim().strip_suffix(';')?;
    let rest = rest.strip_prefix("url(").unwrap_or(rest);
    let mut parts = rest.splitn(3, ['"', '\'']);
    let (_, name, after) = (parts.next()?, parts.next()?, parts.next().unwrap_or(""));
    let layer = after.split_once("layer(").and_then(|(_, layer)| layer.split(')').next());
    Some((name, layer))
}

/// Leaves comments and needless white space out; text in quotes stays as it is.
fn squeeze(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css.chars().peekable();
    let mut quote = None;
    while let Some(c) = rest.next() {
        if let Some(open) = quote {
            out.push(c);
            if c == '\\' {
                out.extend(rest.next());
            } else if c == open {
                quote = None;
            }
        } else if c == '/' && rest.peek() == Some(&'*') {
            rest.next();
            let mut last = ' ';
            for c in rest.by_ref() {
                if last == '*' && c == '/' {
                    break;
                }
                last = c;
            }
        } else if c.is_whitespace() {
            if !out.ends_with([' ', '{', '}', ';', ',']) && !out.is_empty() {
                out.push(' ');
            }
        } else {
            if matches!(c, '{' | '}' | ';') && out.ends_with(' ') {
                out.pop();
            }
            if c == '}' && out.ends_with(';') {
                out.pop();
            }
            if matches!(c, '"' | '\'') {
                quote = Some(c);
            }
            out.push(c);
        }
    }
    out
}

fn compress(folder: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            compress(&path)?;
            continue;
        }
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("");
        if !matches!(extension, "css" | "js" | "wasm" | "svg" | "json" | "txt" | "webmanifest") {
            continue;
        }
        let bytes = fs::read(&path)?;
        let (brotli, gzip) =
            (path.with_extension(format!("{extension}.br")), path.with_extension(format!("{extension}.gz")));
        if bytes.len() < WORTH_COMPRESSING {
            continue;
        }
        fs::write(brotli, brotli_of(&bytes)?)?;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&bytes)?;
        fs::write(gzip, encoder.finish()?)?;
    }
    Ok(())
}

/// Brotli at its best: done once, at build time.
pub fn brotli_of(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 1 << 16, 11, 22);
    writer.write_all(bytes)?;
    writer.flush()?;
    drop(writer);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn css_keeps_what_means_something() {
        let css = "/* why */\n.a  >  .b ,\n .c:hover { color : red ;\n width: calc( 1px + 2px ); }\n\na::after { content: \"  /* no */ } \"; }";
        assert_eq!(
            squeeze(css),
            ".a > .b ,.c:hover{color : red;width: calc( 1px + 2px )}a::after{content: \"  /* no */ } \"}"
        );
    }

    #[test]
    fn imports_are_read_with_their_layer() {
        assert_eq!(import("@import url(\"a.css\");"), Some(("a.css", None)));
        assert_eq!(import("@import url('b.css') layer(base);"), Some(("b.css", Some("base"))));
        assert_eq!(import("@import \"c.css\" layer(x.y);"), Some(("c.css", Some("x.y"))));
        assert_eq!(import(".a { color: red }"), None);
    }
}
