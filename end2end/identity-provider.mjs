// An identity provider of the kind that organisations have: whoever signs in as `security-reader` holds that directory
// role, anybody else none. Listens on the port it is given, for the Keyroll at the given address.
import { Provider } from 'oidc-provider';

const [port, keyroll] = process.argv.slice(2);

const templates = {
  'global-administrator': '62e90394-69f5-4237-9190-012177145e10',
  'security-administrator': '194ae4cb-b126-40b2-bd5b-6091b380977d',
  'global-reader': 'f2ef992c-3afb-46b9-b7cf-a126ee74c451',
  'security-reader': '5d6b6bb7-de71-4623-b4af-96380a352509',
  'reports-reader': '4a5d8f65-41da-4de4-8968-e035b65339cf',
};
// What Microsoft Entra says of everybody; it must open nothing.
const everybody = 'b79fbf4d-3ef9-4689-8143-76b194e85509';

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: 'keyroll',
      client_secret: process.env.CLIENT_SECRET,
      redirect_uris: [`${keyroll}/sign-in/oidc/callback`],
      backchannel_logout_uri: `${keyroll}/sign-in/oidc/logout`,
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  claims: { openid: ['sub', 'sid'], profile: ['name', 'preferred_username', 'wids'], email: ['email'] },
  // In the ID token, as Entra has them.
  conformIdTokenClaims: false,
  issueRefreshToken: () => true,
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: `The ${id}`,
      preferred_username: `${id}@contoso.com`,
      email: `${id}@contoso.com`,
      wids: [everybody, templates[id]].filter(Boolean),
    }),
  }),
  features: {
    backchannelLogout: { enabled: true },
    devInteractions: { enabled: true },
    // Keyroll's own sign-out ends its own session.
    rpInitiatedLogout: { enabled: true },
  },
});

provider.listen(Number(port), '127.0.0.1', () => console.log('listening'));
