// What a mail channel answers at once, by itself: the languages offered, words to begin with, and how it will look.
import type { ChannelConfig } from '../../api/types';

export type Acknowledgement = NonNullable<ChannelConfig['acknowledgement']>;
export type AcknowledgementText = Acknowledgement['texts'][number];

export const texts_max = 12;

// ISO 639-1, as the detection of languages names them.
const codes =
  'ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nl no pl pt ro ru sk sl sr sv sw ' +
  'th tr uk ur vi zh';
export const languages = codes.split(' ');

export function languageName(code: string, shown_in: string): string {
  return new Intl.DisplayNames([shown_in], { type: 'language', fallback: 'code' }).of(code) ?? code;
}

// Words to begin with: the subject, then paragraphs. They are in the customer's language, so they are no part of the
// catalogues.
const first_words: Record<string, [string, ...string[]]> = {
  en: [
    'We have received your message (no. {reference})',
    'Thank you for writing to {workspace}.',
    'Your message has arrived and has the number {reference}. Somebody will read it and answer you.',
    'This is an automatic message.',
  ],
  fr: [
    'Nous avons reçu votre message (n° {reference})',
    'Merci d’avoir écrit à {workspace}.',
    'Votre message est bien arrivé et porte le numéro {reference}. Quelqu’un le lira et vous répondra.',
    'Ceci est un message automatique.',
  ],
  de: [
    'Wir haben Ihre Nachricht erhalten (Nr. {reference})',
    'Danke, dass Sie {workspace} geschrieben haben.',
    'Ihre Nachricht ist angekommen und hat die Nummer {reference}. Jemand wird sie lesen und Ihnen antworten.',
    'Dies ist eine automatische Nachricht.',
  ],
  es: [
    'Hemos recibido su mensaje (n.º {reference})',
    'Gracias por escribir a {workspace}.',
    'Su mensaje ha llegado y tiene el número {reference}. Alguien lo leerá y le responderá.',
    'Este es un mensaje automático.',
  ],
};

export function newText(language: string): AcknowledgementText {
  const [subject = '', ...paragraphs] = first_words[language] ?? [];
  return { language, subject, text: paragraphs.join('\n\n') };
}

/** As a customer will see it: with an example's number, and the workspace's name. Each placeholder once. */
export function filledIn(text: string, workspace: string): string {
  return text.replace(/\{(reference|workspace)\}/g, (_, name) => (name === 'reference' ? '1234' : workspace));
}
