/**
 * The shapes that `content` has, by kind of message. All of it is optional: it
 * comes from a phone, by way of Meta, and a bubble must stand whatever is missing.
 */
export interface Place {
  latitude?: number;
  longitude?: number;
  name?: string | null;
  address?: string | null;
  url?: string | null;
}

export interface Card {
  name?: { formatted_name?: string; first_name?: string; last_name?: string };
  phones?: { phone?: string; wa_id?: string; type?: string }[];
  emails?: { email?: string; type?: string }[];
  org?: { company?: string; title?: string };
}

export interface Choice {
  type?: string;
  reply?: { id?: string; title?: string };
}

export interface Interactive {
  type?: string;
  header?: { type?: string; text?: string };
  body?: { text?: string };
  footer?: { text?: string };
  action?: {
    name?: string;
    button?: string;
    buttons?: Choice[];
    sections?: { title?: string; rows?: { id?: string; title?: string; description?: string }[] }[];
    parameters?: { display_text?: string; url?: string; flow_cta?: string };
  };
}

export interface Order {
  text?: string;
  product_items?: {
    product_retailer_id?: string;
    quantity?: number | string;
    item_price?: number | string;
    currency?: string;
  }[];
}

export interface Answer {
  type?: string;
  title?: string | null;
  description?: string | null;
  response?: unknown;
}

export interface SentButton {
  type?: string;
  text?: string;
  url?: string | null;
  phone?: string | null;
  code?: string | null;
}

/** A card of a sent carousel. */
export interface SentCard {
  header?: { format?: string } | null;
  body?: string | null;
  buttons?: SentButton[];
}

export interface SentTemplate {
  name?: string;
  language?: string;
  header?: { format?: string; text?: string | null; location?: Place | null } | null;
  body?: string;
  footer?: string | null;
  buttons?: SentButton[];
  offer?: { text?: string; expires_at?: string | null } | null;
  cards?: SentCard[];
}

export interface Referral {
  source_url?: string;
  source_type?: string;
  headline?: string;
  body?: string;
}

type Content = Record<string, unknown>;

/** One text of a content; empty where it is missing or something else. */
export function words(content: Content, name: string): string {
  const value = content[name];
  return typeof value === 'string' ? value : '';
}

/** What a form in WhatsApp returned, as names and values; its own bookkeeping is left out. */
export function formFields(response: unknown): { name: string; value: string }[] {
  let fields = response;
  if (typeof fields === 'string') {
    try {
      fields = JSON.parse(fields);
    } catch {
      return [{ name: '', value: String(fields) }];
    }
  }
  if (typeof fields !== 'object' || fields === null) return [];
  return Object.entries(fields)
    .filter(([name, value]) => name !== 'flow_token' && value !== null && value !== '')
    .map(([name, value]) => ({
      name: name.replaceAll('_', ' '),
      value: typeof value === 'object' ? JSON.stringify(value) : String(value),
    }));
}

export interface OrderSum {
  currency: string;
  amount: number;
}

/** What an order comes to, by currency: amounts of two currencies are never added. */
export function orderSums(order: Order): OrderSum[] {
  const sums = new Map<string, number>();
  for (const { currency, item_price, quantity } of order.product_items ?? []) {
    const amount = Number(item_price) * Number(quantity ?? 1);
    if (currency && Number.isFinite(amount)) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  }
  return [...sums].map(([currency, amount]) => ({ currency, amount }));
}

/** The words of a message that somebody may want to copy. */
export function copyable(kind: string, content: Content): string {
  if (kind === 'interactive') return (content as Interactive).body?.text ?? '';
  return (
    words(content, 'body') || words(content, 'caption') || words(content, 'text') || words(content, 'title')
  );
}
