import { Bot, Forward, NotebookPen, UsersRound } from 'lucide-react';
import { memo, useEffect, useState } from 'react';
import type { Message } from '../api/types';
import { called } from '../contacts/called';
import { Findings, WithheldText } from '../content/Findings';
import { clock, fullDate } from '../i18n/format';
import { t } from '../i18n/t';
import { foldMessage } from '../state/acts';
import { classes } from '../ui/classes';
import { Attachments } from './Attachments';
import { FoldLines } from './FoldLines';
import { HtmlMail } from './HtmlMail';
import { MessageMenu } from './MessageMenu';
import { MessageState } from './MessageState';
import { MessageText } from './MessageText';
import { quotedPart } from './quoted';
import { Recipients } from './Recipients';

interface Props {
  message: Message;
  position: number;
  total: number;
  quotes: boolean; // all are unfolded now
  whole: boolean; // this sender's are never folded
  onWhole?: (() => void) | undefined; // changes that, for all mail of the sender
  onForward: (message: Message) => void;
}

/** A note, and only a note, is for colleagues: tint, dashed edge and the words say so, for hue alone is not enough. */
export function NoteWord() {
  return (
    <span className="note-word">
      <NotebookPen size={14} aria-hidden />
      {t('message.note')}
    </span>
  );
}

/** The first line of what a program wrote; a click or Enter shows the rest. */
function FoldedText({ text, onOpen }: { text: string; onOpen: () => void }) {
  return (
    <button type="button" className="folded-message" aria-expanded={false} onClick={onOpen}>
      <span className="folded-line" dir="auto">
        {text.trim().split('\n', 1)[0]}
      </span>
      <span className="fold">{t('message.show_automatic')}</span>
    </button>
  );
}

/** The customer's side knows nothing of it: the words and the dashed edge say so. */
function ThirdPartyWord({ message }: { message: Message }) {
  const Icon = message.kind === 'forward' ? Forward : UsersRound;
  const addresses = [...message.to, ...message.cc].join(', ');
  return (
    <span className="note-word third-party-word">
      <Icon size={14} aria-hidden />
      {message.kind === 'forward' ? t('message.forwarded_to', { addresses }) : t('message.third_party')}
    </span>
  );
}

export const MessageArticle = memo(function MessageArticle(props: Props) {
  const { message, position, total, quotes, onWhole, onForward } = props;
  const [formatted, setFormatted] = useState(!message.text.trim() && message.html !== null);
  const [unfolded, setUnfolded] = useState<boolean | null>(null); // what was clicked here, if anything
  const [opened, setOpened] = useState(false); // an automatic message
  const [pointing, setPointing] = useState(false); // out where to fold
  useEffect(() => setUnfolded(null), [props.whole, message.shown_lines]);
  const quoted = quotedPart(message.text, message.reply_text);
  const whole = quotes || (unfolded ?? (props.whole && message.shown_lines === null));
  const time = message.sent_at ?? message.created_at;
  const name = message.author.kind === 'system' ? t('message.by_system') : called(message.author);
  // What a program wrote is folded, but for what began the conversation: that is what it is about.
  const folds = message.auto_submitted && position > 1;
  const folded = folds && !quotes && !opened;
  // Of a text of ours; those of a page stand in that, and are listed beside its text.
  const inText = message.direction === 'outbound' && message.html === null;
  const pictures = inText ? message.attachments.filter((file) => file.inline) : [];
  const cancelled = message.state === 'cancelled';
  return (
    <article
      className={classes('message', message.direction, cancelled && 'cancelled', message.third_party && 'third-party')}
      data-message={message.id}
      aria-posinset={position}
      aria-setsize={total}
      tabIndex={-1}
      aria-label={t('message.label', { name, time: fullDate(time) })}
    >
      <header className="message-head">
        <span className="message-name" dir="auto">
          {name}
        </span>
        {message.direction === 'note' && <NoteWord />}
        {message.third_party && <ThirdPartyWord message={message} />}
        {message.auto_submitted && (
          <span className="note-word">
            <Bot size={14} aria-hidden />
            {t('message.automatic')}
          </span>
        )}
        <time className="muted" dateTime={time} title={fullDate(time)}>
          {clock(time)}
        </time>
        <Recipients message={message} />
        <MessageMenu
          message={message}
          quoted={quoted !== null}
          onForward={onForward}
          onFoldFrom={() => {
            setFormatted(false);
            setPointing(true);
          }}
        />
      </header>
      {message.withheld ? (
        <WithheldText why={message.withheld} />
      ) : folded ? (
        <FoldedText text={message.reply_text || message.text} onOpen={() => setOpened(true)} />
      ) : (
        <div className="bubble">
          {pointing ? (
            <FoldLines
              text={message.text}
              onCancel={() => setPointing(false)}
              onChoose={(lines) => {
                setPointing(false);
                void foldMessage(message, lines);
              }}
            />
          ) : formatted && message.html !== null ? (
            <HtmlMail id={message.id} html={message.html} title={t('message.html', { name })} />
          ) : (
            <MessageText text={whole || !quoted ? message.text : message.reply_text} pictures={pictures} />
          )}
          {(quoted || (message.html && message.text.trim())) && (
            <div className="bubble-acts">
              {quoted && !formatted && (
                <button type="button" className="fold" aria-expanded={whole} onClick={() => setUnfolded(!whole)}>
                  {whole ? t('message.hide_quoted') : t('message.show_quoted', { count: quoted.lines })}
                </button>
              )}
              {quoted && !formatted && whole && onWhole && message.shown_lines === null && (
                <button type="button" className="fold" onClick={onWhole}>
                  {t(props.whole ? 'message.fold_again' : 'message.always_whole')}
                </button>
              )}
              {message.html && message.text.trim() && (
                <button
                  type="button"
                  className="fold"
                  aria-pressed={formatted}
                  onClick={() => setFormatted(!formatted)}
                >
                  {formatted ? t('message.as_text') : t('message.as_sent')}
                </button>
              )}
            </div>
          )}
          <Attachments list={message.attachments.filter((file) => !pictures.includes(file))} />
          {folds && !quotes && (
            <button type="button" className="fold" aria-expanded onClick={() => setOpened(false)}>
              {t('message.hide_automatic')}
            </button>
          )}
        </div>
      )}
      <MessageState message={message} />
      <Findings list={message.findings} />
    </article>
  );
});
