/** Money as the server tells it: whole millionths of a currency's unit. */
import { locale } from '~/texts/texts';

const MICROS = 1_000_000;

function written(micros: number, currency: string, digits?: number): string {
  const amount = micros / MICROS;
  const options: Intl.NumberFormatOptions = { style: 'currency', currency };
  if (digits !== undefined) {
    options.minimumFractionDigits = 2;
    options.maximumFractionDigits = digits;
  }
  try {
    return new Intl.NumberFormat(locale(), options).format(amount);
  } catch {
    return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: digits ?? 2 }).format(amount)} ${currency}`;
  }
}

/** An amount as one pays it; more exactly where it would be nothing otherwise. */
export const amount = (micros: number, currency: string): string =>
  written(micros, currency, micros !== 0 && Math.abs(micros) < MICROS / 10 ? 4 : undefined);

/** What one message costs, as the rate card has it. */
export const rate = (micros: number, currency: string): string => written(micros, currency, 6);
