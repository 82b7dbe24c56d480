/**
 * The nouns of `/api/v1` as the console reads them. Times are RFC 3339 texts,
 * ids opaque texts.
 */
export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

export interface Member {
  id: string;
  name: string;
  email: string;
  role: 'owner' | 'admin' | 'agent';
  presence?: 'online' | 'away' | 'offline';
  created_at: string;
}

export interface Session {
  member: Member;
  workspace: { id: string; name: string; time_zone: string; demo: boolean };
  permissions: string[];
  csrf_token: string;
  simulator_url: string | null;
}

export interface SetupState {
  needed: boolean;
  demo: boolean;
}

export interface PhoneNumber {
  id: string;
  display_phone_number: string;
  verified_name: string;
  phone_number_id: string;
  waba: { id: string; waba_id: string; name: string };
  quality: 'green' | 'yellow' | 'red' | 'unknown';
  status: string;
  throughput_per_second: number;
  messaging_limit: string | number | null;
  enabled: boolean;
  last_webhook_at: string | null;
}

export interface TemplateButton {
  type: string;
  text: string;
  url?: string | null;
  phone?: string | null;
  phone_number?: string | null;
  code?: string | null;
}

export interface TemplateComponent {
  type: string;
  format?: string;
  text?: string;
  buttons?: TemplateButton[];
  example?: Record<string, unknown>;
}

export interface TemplateVariable {
  key: string;
  component: string;
  example: string | null;
}

export interface Template {
  id: string;
  waba_id: string;
  meta_template_id: string | null;
  name: string;
  language: string;
  category: 'marketing' | 'utility' | 'authentication';
  status: string;
  quality: string | null;
  rejected_reason: string | null;
  parameter_format: 'positional' | 'named';
  components: TemplateComponent[];
  variables: TemplateVariable[];
  sendable: boolean;
  synced_at: string | null;
}

export type ConversationStatus = 'open' | 'snoozed' | 'closed';
export type ConversationView = 'all' | 'mine' | 'unassigned';

export interface MessageBrief {
  id: string;
  direction: Direction;
  kind: MessageKind;
  preview: string;
  state: MessageState | null;
  at: string;
  author_name: string | null;
}

export interface Conversation {
  id: string;
  contact: {
    id: string;
    name: string | null;
    phone: string | null;
    wa_id: string | null;
    initials: string;
    color: number;
  };
  number: { id: string; name: string; display_phone_number: string };
  status: ConversationStatus;
  assignee: { id: string; name: string } | null;
  unread_count: number;
  last_message: MessageBrief | null;
  last_activity_at: string;
  window: { open: boolean; closes_at: string | null };
  snoozed_until: string | null;
  labels: string[];
  changed_seq: number;
}

export interface ConversationCounts {
  open: { all: number; mine: number; unassigned: number };
  unread: number;
}

export type Direction = 'in' | 'out';

export type MessageKind =
  | 'text'
  | 'image'
  | 'video'
  | 'audio'
  | 'document'
  | 'sticker'
  | 'location'
  | 'contacts'
  | 'reaction'
  | 'interactive'
  | 'reply'
  | 'button'
  | 'order'
  | 'template'
  | 'system'
  | 'unsupported';

export type MessageState =
  | 'planned'
  | 'queued'
  | 'attempting'
  | 'unknown'
  | 'unconfirmed'
  | 'accepted'
  | 'sent'
  | 'failed'
  | 'delivered'
  | 'read'
  | 'played'
  | 'skipped';

export interface Media {
  id: string;
  kind: string;
  mime_type: string;
  filename: string | null;
  size: number | null;
  sha256: string | null;
  state: 'pending' | 'ready' | 'failed';
  url: string | null;
  width: number | null;
  height: number | null;
  failure: string | null;
}

export interface Failure {
  code: number | null;
  reason: string;
  title: string | null;
  action: string | null;
}

export interface Quote {
  message_id: string | null;
  direction: Direction;
  kind: MessageKind;
  preview: string;
  author_name: string | null;
}

export interface Reaction {
  emoji: string;
  by: 'contact' | 'business';
}

export interface Message {
  id: string;
  conversation_id: string;
  client_ref: string | null;
  direction: Direction;
  kind: MessageKind;
  content: Record<string, unknown>;
  media: Media | null;
  state: MessageState | null;
  failure: Failure | null;
  reply_to: Quote | null;
  reactions: Reaction[];
  author: { member_id: string; name: string } | null;
  source: 'composer' | 'api' | 'campaign' | 'automation' | 'phone' | null;
  at: string;
  sent_at: string | null;
  delivered_at: string | null;
  read_at: string | null;
  edited: boolean;
  revoked: boolean;
  referral: Record<string, unknown> | null;
  changed_seq: number;
}

export interface MessagePage {
  data: Message[];
  before: string | null;
  after: string | null;
}

/** What the composer asks to send; the server decides whether it may. */
export interface Draft {
  type: string;
  text?: { body: string; preview_url?: boolean };
  media_id?: string;
  caption?: string;
  filename?: string;
  voice?: boolean;
  reaction?: { message_id: string; emoji: string };
  template?: {
    template_id: string;
    variables: Record<string, string>;
    header_media_id?: string;
    header_location?: { latitude: number; longitude: number; name?: string; address?: string };
  };
  reply_to?: string;
}

export interface Consent {
  category: string;
  state: 'granted' | 'denied' | 'unknown';
  source: string | null;
  at: string | null;
}

export interface Contact {
  id: string;
  name: string | null;
  profile_name: string | null;
  phone: string | null;
  wa_id: string | null;
  user_id: string | null;
  username: string | null;
  email: string | null;
  country: string | null;
  tags: string[];
  traits: Record<string, unknown>;
  consent: Consent[];
  blocked: boolean;
  source: string | null;
  created_at: string;
  last_seen_at: string | null;
  version: number;
  conversations: { id: string; number_name: string }[];
}

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
  secret?: string;
}

export interface MetaApp {
  id: string;
  name: string;
  webhook_url: string;
  verify_token_hint: string | null;
  secret_last4: string | null;
  last_webhook_at: string | null;
}

export interface ApiCall {
  id: string;
  at: string;
  method: string;
  path: string;
  status: number;
  ms: number;
  key_prefix: string | null;
  request_id: string;
}

export interface DeadLetter {
  id: string;
  reason: string;
  detail: string | null;
  app_id: string | null;
  received_at: string;
  item_preview: string | null;
  state: 'open' | 'replayed' | 'discarded';
  attempts: number;
}
