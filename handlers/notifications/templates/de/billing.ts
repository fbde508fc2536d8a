import type { Words } from '../wording.ts';

type Names = 'upgraded' | 'receipt' | 'refund' | 'payment-failed' | 'plan-ended';

export const billing: Words<Names> = {
  upgraded: ({ plan }, { link }) => ({
    subject: `Sie haben jetzt den Tarif ${plan}`,
    paragraphs: [`Vielen Dank. Alles aus dem Tarif ${plan} steht Ihnen ab sofort zur Verfügung.`],
    short: `Sie haben jetzt den Tarif ${plan}.`,
    action: { label: 'Neues ansehen', url: link('plans', plan) },
  }),
  receipt: ({ amount, description, paymentId }, { link }) => ({
    subject: `Beleg über ${amount}`,
    paragraphs: [`Wir haben ${amount} für ${description} erhalten.`, `Zahlung ${paymentId}. Vielen Dank.`],
    short: `Wir haben ${amount} für ${description} erhalten.`,
    action: { label: 'Beleg ansehen', url: link('billing', 'payments', paymentId) },
  }),
  refund: ({ amount, paymentId }, { link }) => ({
    subject: `Erstattung über ${amount}`,
    paragraphs: [
      `Wir haben ${amount} der Zahlung ${paymentId} erstattet. Bis Ihre Bank es zeigt, vergehen einige Tage.`,
    ],
    short: `Wir haben ${amount} der Zahlung ${paymentId} erstattet.`,
    action: { label: 'Zahlung ansehen', url: link('billing', 'payments', paymentId) },
  }),
  'payment-failed': ({ amount, reason, nextAttemptAt }, { link, day }) => ({
    subject: `Ihre Zahlung über ${amount} ist fehlgeschlagen`,
    paragraphs: [
      `Ihre Zahlung über ${amount} ist fehlgeschlagen: ${reason}.`,
      nextAttemptAt === ''
        ? 'Es wird kein weiterer Versuch gemacht.'
        : `Der nächste Versuch ist am ${day(nextAttemptAt)}.`,
    ],
    short: `Ihre Zahlung über ${amount} ist fehlgeschlagen: ${reason}.`,
    action: { label: 'Zahlungsart prüfen', url: link('billing') },
  }),
  'plan-ended': ({ plan }, { link }) => ({
    subject: `Ihr Tarif ${plan} ist beendet`,
    paragraphs: [
      `Ihr Tarif ${plan} ist beendet, Ihr Konto hat jetzt den freien Tarif.`,
      'Ihre Codes funktionieren weiter. Was über den freien Tarif hinausgeht, bleibt erhalten und lässt sich ändern, sobald Sie wieder einen Tarif wählen.',
    ],
    short: `Ihr Tarif ${plan} ist beendet; Ihr Konto hat jetzt den freien Tarif.`,
    action: { label: 'Tarif wählen', url: link('plans') },
  }),
};
