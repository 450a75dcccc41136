// Where the visitor writes: text, files by button, paste or drop, Enter to send, Shift+Enter for a new line.
import { h, icon } from './dom';
import type { Attachment } from './protocol';
import { limits } from './protocol';
import type { Strings } from './strings';
import { fill } from './strings';
import type { Upload } from './upload';

interface ComposerActions {
  send(text: string, attachments: Attachment[]): void;
  typed(text: string): void;
  upload(file: File, progress: (percent: number) => void): Promise<Upload>;
  say(text: string): void; // to the status line
  warn(text: string): void; // to the alert line
}

interface Chip {
  node: HTMLElement;
  attachment: Attachment | null;
  cancel: () => void;
}

const clipPath =
  'M16.5 6v11.5a4 4 0 0 1-8 0V5a2.5 2.5 0 0 1 5 0v10.5a1 1 0 0 1-2 0V6H10v9.5' +
  'a2.5 2.5 0 0 0 5 0V5a4 4 0 0 0-8 0v12.5a5.5 5.5 0 0 0 11 0V6z';
const sendPath = 'M2 21 23 12 2 3v7l15 2-15 2z';

export class Composer {
  readonly node: HTMLElement;
  readonly text: HTMLTextAreaElement;
  private readonly files = h('div', { class: 'files' });
  private readonly picker = h('input', { type: 'file', multiple: true, hidden: true, tabindex: -1 });
  private readonly sendButton: HTMLButtonElement;
  private chips: Chip[] = [];

  constructor(
    private readonly strings: Strings,
    private readonly actions: ComposerActions,
    draft: string,
  ) {
    this.text = h('textarea', {
      rows: 1,
      dir: 'auto',
      'aria-label': strings.message,
      placeholder: strings.message,
      keydown: (event: KeyboardEvent) => this.onKey(event),
      input: () => actions.typed(this.text.value),
      paste: (event: ClipboardEvent) => this.onPaste(event),
    });
    this.text.value = draft;
    const attach = {
      type: 'button',
      'aria-label': strings.attach,
      title: strings.attach,
      click: () => this.picker.click(),
    };
    this.sendButton = h('button', { class: 'send', 'aria-label': strings.send, title: strings.send }, icon(sendPath));
    const form = h(
      'form',
      {
        submit: (event: Event) => {
          event.preventDefault();
          this.submit();
        },
      },
      h('button', attach, icon(clipPath)),
      this.text,
      this.sendButton,
    );
    this.picker.addEventListener('change', () => {
      this.add([...(this.picker.files ?? [])]);
      this.picker.value = '';
    });
    this.node = h('div', {}, this.files, form, this.picker);
  }

  add(files: File[]): void {
    for (const file of files) void this.addOne(file);
    this.text.focus();
  }

  private async addOne(file: File): Promise<void> {
    const { strings, actions } = this;
    const name = file.name;
    if (file.size > limits.fileBytes)
      return actions.warn(fill(strings.tooLarge, { name, n: limits.fileBytes / 1048576 }));
    if (this.chips.length >= limits.filesPerMessage)
      return actions.warn(fill(strings.tooMany, { n: limits.filesPerMessage }));
    const label = h('span', {}, name);
    const removeLabel = fill(strings.removeFile, { name });
    const remove = h('button', { type: 'button', 'aria-label': removeLabel, title: removeLabel }, '✕');
    const chip: Chip = { node: h('span', { class: 'chip' }, label, remove), attachment: null, cancel: () => {} };
    remove.addEventListener('click', () => this.remove(chip));
    this.chips.push(chip);
    this.files.append(chip.node);
    this.sendButton.disabled = true;
    let told = 0;
    try {
      const transfer = await actions.upload(file, (percent) => {
        label.textContent = fill(strings.uploading, { name, n: percent });
        if (percent >= told + 25) actions.say(fill(strings.uploading, { name, n: (told = percent) }));
      });
      chip.cancel = () => transfer.cancel();
      chip.attachment = await transfer.done;
      label.textContent = name;
      actions.say(fill(strings.uploaded, { name }));
    } catch {
      if (this.chips.includes(chip)) actions.warn(fill(strings.uploadFailed, { name }));
      this.remove(chip);
    }
    this.sendButton.disabled = this.isUploading;
  }

  private get isUploading(): boolean {
    return this.chips.some((chip) => !chip.attachment);
  }

  private remove(chip: Chip): void {
    const hadFocus = chip.node.matches(':focus-within');
    this.chips = this.chips.filter((other) => other !== chip);
    chip.node.remove();
    chip.cancel();
    this.sendButton.disabled = this.isUploading;
    if (hadFocus) this.text.focus();
  }

  private submit(): void {
    const text = this.text.value.trim();
    if (this.isUploading || (!text && this.chips.length === 0)) return this.text.focus();
    const attachments = this.chips.flatMap(({ attachment }) => attachment ?? []);
    for (const chip of this.chips.splice(0)) chip.node.remove();
    this.text.value = '';
    this.actions.typed('');
    this.actions.send(text, attachments);
    this.text.focus();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit();
  }

  private onPaste(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.add(files);
  }
}
