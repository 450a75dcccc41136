// The messages on the screen. Nodes are kept by message, so that a live region speaks only what is new and a selection
// survives.
import { h, linked, sizeText } from './dom';
import type { Attachment } from './protocol';
import type { Strings } from './strings';
import type { Entry, Transcript } from './transcript';

interface LogActions {
  resend(clientId: string): void;
  discard(clientId: string): void;
}

interface Row {
  node: HTMLElement;
  meta: HTMLElement;
  shown: string; // what the row was made from
  removed: boolean;
}

const nearEndPx = 60;

export class LogView {
  readonly node: HTMLElement;
  private rows = new Map<string, Row>();

  constructor(
    private readonly strings: Strings,
    private readonly language: string,
    private readonly base: string,
    private readonly actions: LogActions,
  ) {
    this.node = h('div', {
      class: 'log',
      role: 'log',
      tabindex: 0,
      'aria-label': strings.log,
      'aria-relevant': 'additions',
    });
  }

  greet(text: string): void {
    if (!text || this.rows.has('greeting')) return;
    const node = h('div', { class: 'message' }, h('div', { class: 'bubble' }, h('p', { dir: 'auto' }, text)));
    this.rows.set('greeting', { node, meta: node, shown: '', removed: false });
    this.node.prepend(node);
  }

  update(transcript: Transcript): void {
    const wasAtEnd = this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < nearEndPx;
    const { entries } = transcript;
    const lastSeen = entries.findLast((entry) => entry.own && entry.seq > 0 && entry.seq <= transcript.seenSeq);
    const kept = new Set(['greeting', ...entries.map((entry) => entry.key)]);
    for (const [key, row] of this.rows) {
      if (kept.has(key)) continue;
      row.node.remove();
      this.rows.delete(key);
    }
    let before: HTMLElement | undefined = this.rows.get('greeting')?.node;
    let wroteMyself = false;
    for (const entry of entries) {
      let row = this.rows.get(entry.key);
      if (!row) {
        row = this.create(entry);
        wroteMyself ||= entry.own;
      }
      this.refresh(row, entry, entry === lastSeen);
      const place: ChildNode | null = before ? before.nextSibling : this.node.firstChild;
      if (place !== row.node) this.node.insertBefore(row.node, place);
      before = row.node;
    }
    if (wasAtEnd || wroteMyself) this.scrollToEnd();
  }

  scrollToEnd(): void {
    this.node.scrollTop = this.node.scrollHeight;
  }

  private create(entry: Entry): Row {
    const meta = h('div', { class: 'meta' });
    const node = h('div', { class: entry.own ? 'message own' : 'message' });
    const row = { node, meta, shown: '', removed: false };
    this.rows.set(entry.key, row);
    return row;
  }

  private refresh(row: Row, entry: Entry, isLastSeen: boolean): void {
    const { state, at, detail, attachments, removed = false } = entry;
    const shown = JSON.stringify([state, at, detail, attachments.length, removed, isLastSeen]);
    if (row.shown === shown) return;
    const bodyChanged = row.shown === '' || row.removed !== removed || entry.attachments.some(({ url }) => url);
    row.removed = removed;
    row.shown = shown;
    if (bodyChanged) {
      const { strings } = this;
      const author = entry.own ? strings.you : entry.author || strings.team;
      row.node.replaceChildren(
        h('span', { class: 'hear' }, author + ': '),
        h(
          'div',
          { class: 'bubble' },
          removed ? h('p', {}, h('em', {}, strings.removed)) : null,
          entry.text ? h('p', { dir: 'auto' }, ...linked(entry.text)) : null,
          ...entry.attachments.map((file) => this.file(file)),
        ),
        row.meta,
      );
    }
    row.node.classList.toggle('pending', entry.state === 'pending');
    row.meta.replaceChildren(...this.metaOf(entry, isLastSeen));
    row.meta.classList.toggle('failed', entry.state === 'refused');
  }

  private metaOf(entry: Entry, isLastSeen: boolean): (Node | string)[] {
    const { strings } = this;
    if (entry.state === 'pending') return [strings.sending];
    if (entry.state === 'refused') {
      return [
        `${strings.notSent} ${entry.detail} `,
        h('button', { type: 'button', click: () => this.actions.resend(entry.clientId) }, strings.again),
        h('button', { type: 'button', click: () => this.actions.discard(entry.clientId) }, strings.remove),
      ];
    }
    const at = new Date(entry.at);
    const isToday = at.toDateString() === new Date().toDateString();
    const format: Intl.DateTimeFormatOptions = isToday
      ? { timeStyle: 'short' }
      : { dateStyle: 'medium', timeStyle: 'short' };
    const valid = !Number.isNaN(at.getTime());
    const shown = valid ? new Intl.DateTimeFormat(this.language, format).format(at) : '';
    const time = h('time', valid ? { datetime: entry.at } : {}, shown);
    const who = entry.own ? (isLastSeen ? strings.seen : '') : entry.author || strings.team;
    return [h('bdi', {}, who), who && shown ? ' · ' : '', h('bdi', {}, time)];
  }

  private file(file: Attachment): HTMLElement {
    const label = `${file.filename} (${sizeText(file.size, this.language)})`;
    const url = file.url ? new URL(file.url, this.base) : null;
    if (!url || !/^https?:$/.test(url.protocol)) return h('span', { class: 'file' }, '📎 ', label);
    const link = h(
      'a',
      { href: url.href, target: '_blank', rel: 'noopener noreferrer', download: file.filename },
      label,
    );
    return h('span', { class: 'file' }, '📎 ', link);
  }
}
