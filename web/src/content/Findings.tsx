// What the rules on content found in a message: a line below it, in words.
import { EyeOff, ScanText } from 'lucide-react';
import type { RuleHit, Message } from '../api/types';
import { t } from '../i18n/t';

export function Findings({ list }: { list: RuleHit[] }) {
  return list.map((one, index) => (
    <p key={index} className="message-state warn">
      <ScanText size={14} aria-hidden />
      <span dir="auto">{t(`finding.${one.action}`, { rule: one.rule, excerpt: one.excerpt })}</span>
    </p>
  ));
}

/** In the place of what is not shown: why. */
export function WithheldText({ why }: { why: NonNullable<Message['withheld']> }) {
  return (
    <div className="bubble">
      <p className="muted withheld">
        <EyeOff size={16} aria-hidden /> {t(`withheld.${why}`)}
      </p>
    </div>
  );
}
