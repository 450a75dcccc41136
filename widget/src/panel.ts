// The launcher and the panel: a non-modal dialog that takes the focus when opened and gives it back when closed.
import { Chat } from './chat';
import { Composer } from './composer';
import { h, icon } from './dom';
import type { LinkState, Network } from './link';
import { LogView } from './log_view';
import type { ChannelConfig } from './protocol';
import type { Memory } from './storage';
import type { Strings } from './strings';
import { catalogues, fill } from './strings';
import { accentCss, css } from './style';
import { upload } from './upload';

interface PanelOptions {
  base: string; // https://host/webchat/v1/CHANNEL
  language: string;
  config: ChannelConfig;
  memory: Memory;
  network: Network;
  identity: string | undefined;
}

const bubblePath = 'M5 3h14a3 3 0 0 1 3 3v15l-4-3H5a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z';
const closePath = 'm5 6.4 1.4-1.4 5.6 5.6L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6z';
const typingShownMs = 6000;
const rightToLeft = /^(ar|he|fa|ur)$/;

export class Panel {
  readonly host = h('div', {});
  readonly chat: Chat;
  private readonly strings: Strings;
  private readonly launcher: HTMLButtonElement;
  private readonly badge = h('span', { class: 'badge', hidden: true, 'aria-hidden': 'true' });
  private readonly dialog: HTMLElement;
  private readonly status = h('div', { class: 'note', role: 'status' });
  private readonly alert = h('div', { class: 'note alert', role: 'alert' });
  private readonly typingLine = h('div', { class: 'note' });
  private readonly heard = h('div', { class: 'hear', role: 'status' });
  private readonly drop: HTMLElement;
  private readonly log: LogView;
  private readonly composer: Composer;
  private unread = 0;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: PanelOptions) {
    const { base, language, config, memory } = options;
    const strings = (this.strings = catalogues[language]!);
    const locale = navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language;
    this.log = new LogView(strings, locale, base, {
      resend: (clientId) => this.chat.resend(clientId),
      discard: (clientId) => this.chat.discard(clientId),
    });
    this.composer = this.makeComposer(memory);
    this.launcher = h(
      'button',
      {
        class: 'launcher',
        type: 'button',
        'aria-haspopup': 'dialog',
        'aria-controls': 'panel',
        click: () => this.toggle(),
      },
      icon(bubblePath),
      this.badge,
    );
    this.drop = h('div', { class: 'drop', hidden: true, 'aria-hidden': 'true' }, strings.dropHere);
    this.dialog = this.makeDialog(config);
    this.attach(config);
    this.log.greet(config.greeting ?? '');
    this.chat = new Chat(base, options.network, memory, options.identity, {
      changed: () => this.log.update(this.chat.transcript),
      arrived: () => this.arrived(),
      typing: (author) => this.showTyping(author),
      seenElsewhere: () => {
        this.unread = 0;
        this.label();
      },
      state: (state, code) => this.showState(state, code),
    });
    this.log.update(this.chat.transcript);
    this.label();
    if (this.chat.hasHistory) this.chat.link.start();
  }

  get isOpen(): boolean {
    return !this.dialog.hidden;
  }

  open(): void {
    this.dialog.hidden = false;
    this.host.classList.add('open');
    this.unread = 0;
    this.label();
    this.chat.link.start();
    this.log.scrollToEnd();
    this.composer.text.focus();
    this.chat.seen();
  }

  close(): void {
    const hadFocus = this.dialog.matches(':focus-within');
    this.dialog.hidden = true;
    this.host.classList.remove('open');
    this.label();
    if (hadFocus) this.launcher.focus();
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  // The page was looked at again.
  looked(): void {
    if (this.isOpen) this.chat.seen();
  }

  private makeComposer(memory: Memory): Composer {
    const actions = {
      send: (text: string, attachments: Parameters<Chat['send']>[1]) => {
        this.alert.textContent = '';
        this.chat.send(text, attachments);
      },
      typed: (text: string) => {
        memory.draft = text;
        if (text) this.chat.typed();
      },
      upload: async (file: File, progress: (percent: number) => void) =>
        upload(this.options.base + '/uploads', await this.chat.token(), file, progress),
      say: (text: string) => void (this.status.textContent = text),
      warn: (text: string) => void (this.alert.textContent = text),
    };
    return new Composer(this.strings, actions, memory.draft);
  }

  private makeDialog(config: ChannelConfig): HTMLElement {
    const { strings } = this;
    const close = { type: 'button', 'aria-label': strings.close, title: strings.close, click: () => this.close() };
    return h(
      'div',
      {
        class: 'panel',
        id: 'panel',
        role: 'dialog',
        'aria-modal': 'false',
        'aria-labelledby': 'title',
        hidden: true,
        keydown: (event: KeyboardEvent) => this.onKey(event),
        dragover: (event: DragEvent) => this.onDrag(event),
        dragleave: (event: DragEvent) => {
          if (!this.dialog.contains(event.relatedTarget as Node | null)) this.drop.hidden = true;
        },
        drop: (event: DragEvent) => this.onDrop(event),
      },
      h('header', {}, h('h2', { id: 'title' }, config.name || strings.title), h('button', close, icon(closePath))),
      this.log.node,
      this.typingLine,
      this.status,
      this.alert,
      this.composer.node,
      this.drop,
    );
  }

  private attach(config: ChannelConfig): void {
    const { language } = this.options;
    const root = this.host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css + accentCss(config.color));
    root.adoptedStyleSheets = [sheet];
    this.host.lang = language;
    this.host.dir = rightToLeft.test(language) ? 'rtl' : 'ltr';
    // The dialog comes first, so that Tab goes from the launcher backwards into it as the eye does; the launcher stays
    // last.
    root.append(this.dialog, this.launcher, this.heard);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !event.isComposing) {
      event.stopPropagation();
      this.close();
    }
  }

  private onDrag(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.drop.hidden = false;
  }

  private onDrop(event: DragEvent): void {
    this.drop.hidden = true;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.composer.add(files);
  }

  private arrived(): void {
    this.showTyping('', false);
    if (this.isOpen && document.visibilityState === 'visible') {
      queueMicrotask(() => this.chat.seen());
      return;
    }
    this.unread += 1;
    this.label();
    if (!this.isOpen) this.heard.textContent = fill(this.strings.unread, { n: this.unread });
  }

  private showTyping(author: string, isTyping = true): void {
    clearTimeout(this.typingTimer);
    this.typingLine.textContent = isTyping ? fill(this.strings.typing, { name: author || this.strings.team }) : '';
    if (isTyping) this.typingTimer = setTimeout(() => this.showTyping('', false), typingShownMs);
  }

  private showState(state: LinkState, code: string): void {
    const { strings } = this;
    const refused = /identity|unauthenticated/.test(code) ? strings.signIn : strings.refused;
    const texts = { idle: '', connecting: strings.connecting, online: '', offline: strings.offline, refused };
    this.status.textContent = texts[state];
    if (state === 'online' && this.isOpen) queueMicrotask(() => this.chat.seen());
  }

  private label(): void {
    const { strings, unread } = this;
    const action = this.isOpen ? strings.close : strings.open;
    const label = unread > 0 ? `${action} (${fill(strings.unread, { n: unread })})` : action;
    this.launcher.setAttribute('aria-label', label);
    this.launcher.setAttribute('aria-expanded', String(this.isOpen));
    this.badge.hidden = unread === 0;
    this.badge.textContent = String(Math.min(unread, 99));
  }
}
