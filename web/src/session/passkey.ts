// Passkeys by way of the browser (W3C Web Authentication). Bytes travel as base64url.
import { api, ApiError } from '../api/client';
import type { AddedPasskey, PasskeyChallenge, PasskeyConfirmation, PasskeyOptions, Session } from '../api/types';

const algorithms = [-7, -8, -257]; // ES256, EdDSA, RS256

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

function toText(bytes: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export const hasPasskeys = () => typeof PublicKeyCredential !== 'undefined';

/** The browser's word for: the person would rather not, took too long, or has none. It says no more on purpose. */
export function isDeclined(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');
}

/** Whether a browser would hand this page passkeys of that host at all: it does not for an address of digits. */
export function isHostOf(rp_id: string): boolean {
  return hasPasskeys() && (location.hostname === rp_id || location.hostname.endsWith(`.${rp_id}`));
}

interface Asking {
  challenge: PasskeyChallenge;
  ids?: string[];
  mediation?: CredentialMediationRequirement;
  signal?: AbortSignal;
}

async function use({ challenge, ids = [], mediation, signal }: Asking) {
  const found = (await navigator.credentials.get({
    publicKey: {
      challenge: toBytes(challenge.challenge),
      rpId: challenge.rp_id,
      allowCredentials: ids.map((id) => ({ type: 'public-key', id: toBytes(id) })),
      userVerification: 'required',
    },
    ...(mediation ? { mediation } : {}),
    ...(signal ? { signal } : {}),
  })) as PublicKeyCredential;
  const answer = found.response as AuthenticatorAssertionResponse;
  return {
    credential_id: toText(found.rawId),
    client_data: toText(answer.clientDataJSON),
    authenticator_data: toText(answer.authenticatorData),
    signature: toText(answer.signature),
  };
}

export const askToSignIn = () => api.get<PasskeyChallenge>('/session/passkey');

/** `mediation` "conditional": offered where the address is typed, and waits until it is taken or `signal` ends it. */
export async function signInByPasskey(asking: Asking): Promise<Session> {
  return api.post<Session>('/session/passkey', await use(asking));
}

export async function confirmByPasskey() {
  const challenge = await api.get<PasskeyConfirmation>('/session/confirm/passkey');
  await api.post('/session/confirm/passkey', await use({ challenge, ids: challenge.credential_ids }));
}

/** Errors: ApiError "passkey_known" when this authenticator has one of the person already. */
export async function makePasskey(name: string): Promise<AddedPasskey> {
  const options = await api.post<PasskeyOptions>('/me/passkey-options');
  const made = await create(options);
  const answer = made.response as AuthenticatorAttestationResponse;
  return api.post<AddedPasskey>('/me/passkeys', {
    name,
    client_data: toText(answer.clientDataJSON),
    authenticator_data: toText(answer.getAuthenticatorData()),
  });
}

async function create(options: PasskeyOptions): Promise<PublicKeyCredential> {
  try {
    return (await navigator.credentials.create({
      publicKey: {
        challenge: toBytes(options.challenge),
        rp: { id: options.rp_id, name: 'Answerable' },
        user: {
          id: toBytes(options.user_handle),
          name: options.user_name,
          displayName: options.user_display_name,
        },
        pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: options.credential_ids.map((id) => ({ type: 'public-key', id: toBytes(id) })),
        authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
        attestation: 'none',
      },
    })) as PublicKeyCredential;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'InvalidStateError')
      throw new ApiError({ status: 409, code: 'passkey_known', title: '', detail: '' });
    throw error;
  }
}
