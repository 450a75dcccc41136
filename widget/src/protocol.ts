// What the server and the widget say to each other (docs: "Web chat" of the API). Names are the wire's own.

export interface Attachment {
  id: string;
  filename: string;
  size: number;
  url?: string;
}

export interface WireMessage {
  seq: number;
  direction: 'in' | 'out'; // in: from the visitor; out: from the company
  client_id?: string;
  text: string;
  author?: string | { name?: string } | null;
  at: string;
  attachments?: Attachment[];
  removed?: boolean; // taken down: nothing of it is shown
}

export type ServerFrame =
  | { type: 'welcome'; seq: number; team_seen?: number; removed?: number[]; messages?: WireMessage[] }
  | { type: 'accepted'; client_id: string; seq: number; at: string }
  | { type: 'refused'; client_id: string; code: string; detail?: string }
  | ({ type: 'message' } & WireMessage)
  | { type: 'typing'; author?: string | { name?: string } }
  | { type: 'removed'; seq: number }
  | { type: 'seen'; seq: number; by?: 'team' }; // by nobody named: the visitor, in another window

export type VisitorFrame =
  | { type: 'hello'; token: string; after: number }
  | { type: 'message'; client_id: string; text: string; attachments?: string[] }
  | { type: 'typing' }
  | { type: 'seen'; seq: number };

export interface ChannelConfig {
  name?: string;
  greeting?: string;
  color?: string;
  language?: string;
}

export const limits = {
  textCharacters: 10_000,
  fileBytes: 25 * 1024 * 1024,
  filesPerMessage: 10,
  storedMessages: 200,
};

export function authorName(author: WireMessage['author']): string {
  return (typeof author === 'string' ? author : author?.name) ?? '';
}

// A frame from the network; null when it is not one that we know. Never throws.
export function readFrame(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null;
  try {
    const frame: unknown = JSON.parse(data);
    const known = ['welcome', 'accepted', 'refused', 'message', 'typing', 'seen', 'removed'];
    return known.includes((frame as ServerFrame | null)?.type ?? '') ? (frame as ServerFrame) : null;
  } catch {
    return null;
  }
}
