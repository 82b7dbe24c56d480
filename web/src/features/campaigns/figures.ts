/** Figures as people read them: shares, and how many are still to come. */
import { locale } from '~/texts/texts';

/** A part of a whole in percent; one place behind the point where it would say nothing otherwise. */
export function share(part: number, whole: number): string {
  const value = whole > 0 ? part / whole : 0;
  return new Intl.NumberFormat(locale(), {
    style: 'percent',
    maximumFractionDigits: value > 0 && (value < 0.1 || value > 0.99) && value !== 1 ? 1 : 0,
  }).format(value);
}

/** Seconds in the two largest units: “1 hour 5 minutes”; in short “1 hr 5 min”, where room is scarce. */
export function lasting(seconds: number, unitDisplay: 'long' | 'short' = 'long'): string {
  const whole = Math.max(0, Math.round(seconds));
  const unit = (value: number, name: 'day' | 'hour' | 'minute' | 'second') =>
    new Intl.NumberFormat(locale(), { style: 'unit', unit: name, unitDisplay }).format(value);
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  const parts =
    days > 0
      ? [unit(days, 'day'), hours > 0 && unit(hours, 'hour')]
      : hours > 0
        ? [unit(hours, 'hour'), minutes > 0 && unit(minutes, 'minute')]
        : minutes > 0
          ? [unit(minutes, 'minute'), minutes < 10 && whole % 60 > 0 && unit(whole % 60, 'second')]
          : [unit(whole, 'second')];
  return parts.filter(Boolean).join(' ');
}
