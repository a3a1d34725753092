//! Writing SVG by hand: what plotters cannot set (classes, links, accessible names).

/// Text or attribute value, safe between tags and in double quotes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The name of a chart's hatching.
pub fn hatch_id(chart: &str) -> String {
    format!("hatch-{chart}")
}

/// The hatching of what failed, under a name of the chart's own.
pub fn hatch(chart: &str) -> String {
    format!(
        "<defs><pattern id=\"{}\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect class=\"hatch-ground\" width=\"5\" height=\"5\"/>\
         <rect class=\"hatch-line\" width=\"3\" height=\"5\"/></pattern></defs>",
        escape(&hatch_id(chart))
    )
}

/// A share of the drawing's width in hundredths of a percent, printed as SVG wants it: `62.5%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(pub i32);

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        match part {
            0 => write!(f, "{whole}%"),
            part if part % 10 == 0 => write!(f, "{whole}.{}%", part / 10),
            part => write!(f, "{whole}.{part:02}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out() {
        assert_eq!(escape(r#"<a href="x">'&"#), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
    }

    #[test]
    fn shares_are_short() {
        assert_eq!([0, 5, 50, 6250, 10_000].map(|n| Share(n).to_string()), ["0%", "0.05%", "0.5%", "62.5%", "100%"]);
    }
}
