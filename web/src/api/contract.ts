/**
 * The nouns of `/api/v1` as the console reads them: generated from the API's own document
 * (`schema.d.ts`, by `npm run schema`), and narrowed here where the document says only “a text” or
 * “an object”. A narrowing that the document contradicts does not compile. Times are RFC 3339
 * texts, ids opaque texts.
 */
import type { components } from './schema';

export type Schemas = components['schemas'];

/** An answer: a field that may be null is there all the same. */
export type Told<T> = T extends (infer Item)[]
  ? Told<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Told<T[Key]> }
    : T;

/** An answer with some fields said more exactly; each must fit what the document says. */
export type Narrowed<
  Name extends keyof Schemas,
  Exact extends {
    [Key in keyof Exact]: Key extends keyof Told<Schemas[Name]> ? Told<Schemas[Name]>[Key] : never;
  },
> = Omit<Told<Schemas[Name]>, keyof Exact> & Exact;

/** A request that sends only some of what the document allows. */
export type Fitting<Name extends keyof Schemas, Part extends Schemas[Name]> = Part;

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

/** What the server may refuse with; `api/words.ts` has the words. */
export type ProblemCode = Schemas['ProblemCode'];

export type Permission =
  | `${'conversations' | 'contacts' | 'templates' | 'campaigns' | 'numbers' | 'members'}.${'read' | 'write'}`
  | 'messages.send'
  | 'contacts.export'
  | 'contacts.erase'
  | 'campaigns.send'
  | 'settings.manage'
  | 'developers.manage'
  | 'operations.manage';

export type Member = Narrowed<
  'Member',
  { role: 'owner' | 'admin' | 'agent'; presence: 'online' | 'offline' }
>;

export type Session = Narrowed<'Session', { member: Member; permissions: Permission[] }>;

export type SetupState = Told<Schemas['SetupState']>;

/** What people are answered when they stop or resume marketing. */
export type OptOutSettings = Told<Schemas['OptOutSettings']>;

export type OptOutWish = Schemas['SetOptOutSettings'];

export type PhoneNumber = Narrowed<'Number', { quality: Quality }>;

export type Quality = 'green' | 'yellow' | 'red' | 'unknown';

export type TemplateButton = {
  type: string;
  text?: string;
  url?: string | null;
  phone?: string | null;
  phone_number?: string | null;
  code?: string | null;
  example?: string | string[];
  otp_type?: string;
  autofill_text?: string;
};

/** What Meta was given as examples: by place, in order or by name. */
export type TemplateExample = {
  header_text?: string[];
  header_text_named_params?: { param_name: string; example: string }[];
  header_handle?: string[];
  body_text?: string[][];
  body_text_named_params?: { param_name: string; example: string }[];
};

export type TemplateComponent = {
  type: string;
  /** Of a header that is being written: the file of ours that Meta gets as its sample. */
  media_id?: string;
  format?: string;
  text?: string;
  buttons?: TemplateButton[];
  example?: TemplateExample;
  /** Of a carousel. */
  cards?: { components: TemplateComponent[] }[];
  /** Of an offer that ends. */
  limited_time_offer?: { text?: string; has_expiration?: boolean };
  /** Of the body of a code, whose words are Meta's. */
  add_security_recommendation?: boolean;
  /** Of the footer of a code. */
  code_expiration_minutes?: number;
};

export type TemplateVariable = Told<Schemas['Variable']>;

export type TemplateCategory = 'marketing' | 'utility' | 'authentication';

/** Whether a template may be changed now, and if not, why and until when. */
export type TemplateEditable = {
  allowed: boolean;
  reason: string | null;
  edits_left: number | null;
  next_at: string | null;
};

export type Template = Omit<
  Narrowed<
    'Template',
    {
      category: TemplateCategory;
      previous_category: TemplateCategory | null;
      announced_category: TemplateCategory | null;
      quality: Quality;
      parameter_format: 'positional' | 'named';
      components: TemplateComponent[];
      variables: TemplateVariable[];
      editable: TemplateEditable;
    }
  >,
  'edit' | 'refusal'
> & {
  /** What was written here and not handed in. */
  edit: TemplateContent | null;
  /** What Meta said to the last submission. */
  refusal: TemplateRefusal | null;
};

/** What a template says. */
export type TemplateContent = {
  category: TemplateCategory;
  parameter_format: 'positional' | 'named';
  components: TemplateComponent[];
  ttl_seconds: number | null;
};

/** A refusal of Meta's: our code for it, and Meta's own words. */
export type TemplateRefusal = { code: string; field: string | null; title: string | null; words: string };

/** A template as it is being written. */
export type TemplateDraft = {
  waba_id?: string;
  name: string;
  language: string;
  category: TemplateCategory;
  parameter_format: 'positional' | 'named';
  components: TemplateComponent[];
  ttl_seconds?: number | null;
  /** The one that was read, to be told of changes of others. */
  revision?: number;
};

/** A rule of Meta's that a draft breaks: where, which, and the figures of its words. */
export type TemplateProblem = {
  field: string;
  code: string;
  severity?: 'error' | 'warning';
  /** Meta's own words, where it was Meta who refused. */
  message?: string;
  params?: Record<string, unknown>;
};

/** What a template said at one time. */
export type TemplateVersion = TemplateContent & {
  no: number;
  at: string;
  /** Written here, or elsewhere and found at Meta. */
  origin: 'here' | 'meta';
};

export type ConversationStatus = 'open' | 'snoozed' | 'closed';
export type ConversationView = 'all' | 'mine' | 'unassigned';

export type MessageBrief = Narrowed<
  'LastMessage',
  { direction: Direction; kind: MessageKind; state: MessageState | null }
>;

export type Conversation = Narrowed<
  'Conversation',
  { status: ConversationStatus; last_message: MessageBrief | null }
>;

export type ConversationCounts = Told<Schemas['ConversationCounts']>;

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

export type Media = Narrowed<'Media', { state: 'pending' | 'ready' | 'failed' }>;

/** Why a message failed; `title` and `action` are for developers, the words come from `reason`. */
export type Failure = Omit<Told<Schemas['Failure']>, 'title'> & { title: string | null };

export type Quote = Narrowed<'ReplyTo', { direction: Direction; kind: MessageKind }>;

export type Reaction = Narrowed<'Reaction', { by: 'contact' | 'business' }>;

export type Message = Omit<
  Narrowed<
    'Message',
    {
      direction: Direction;
      kind: MessageKind;
      content: Record<string, unknown>;
      media: Media | null;
      state: MessageState | null;
      reply_to: Quote | null;
      reactions: Reaction[];
      referral: Record<string, unknown> | null;
    }
  >,
  'failure' | 'source'
> & {
  failure: Failure | null;
  source: 'composer' | 'api' | 'campaign' | 'automation' | 'phone' | null;
};

/** A part of a thread, oldest first, with the places to read on from. */
export interface MessagePage {
  data: Message[];
  before: string | null;
  after: string | null;
}

/** What the composer asks to send; the server decides whether it may. */
export type Draft = Fitting<
  'SendMessage',
  {
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
>;

export type Consent = Narrowed<'Consent', { state: 'granted' | 'denied' | 'unknown' }>;

export type Contact = Narrowed<
  'Contact',
  {
    traits: Record<string, unknown>;
    consent: Consent[];
    whatsapp_block: 'listed' | 'waiting' | 'asked' | 'refused' | null;
  }
>;

export type ApiKey = Told<Schemas['ApiKey']>;

/** A key just made: the only answer that holds its secret. */
export type NewApiKey = ApiKey & { secret: string | null };

export type NewApiKeyWish = Schemas['CreateApiKey'];

type Outcome = 'recorded' | 'passed_over' | 'refused';

export type HookPlan = Schemas['HookPlan'];

export type Hook = Told<Schemas['Hook']>;

/** A hook just made: the only answer that holds a secret, where it was made here. */
export type NewHook = Hook & { secret: string | null };

export type HookWish = Schemas['CreateHook'];

export type HookReadingWish = Schemas['CheckHook'];

export type HookReading = Narrowed<'HookReading', { outcome: Outcome }>;

export type HookDelivery = Narrowed<'HookDelivery', { outcome: Outcome }>;

export type MetaApp = Told<Schemas['App']>;

export type ApiCall = Told<Schemas['ApiCall']>;

export type WebhookForm = Schemas['WebhookForm'];

/** An endpoint, without its secret. */
export type Endpoint = Told<Schemas['WebhookEndpoint']>;

/** An endpoint with its secret, which no other answer has. */
export type NewEndpoint = Endpoint & { secret: string };

export type EndpointWish = Schemas['CreateWebhookEndpoint'];
export type EndpointEdit = Schemas['EditWebhookEndpoint'];

export type DeliveryState = 'queued' | 'waiting' | 'delivered' | 'given_up';

/** Something that an endpoint was told or is still to be told. */
export type Delivery = Narrowed<'WebhookDelivery', { state: DeliveryState }>;

export type DeadLetterState = 'open' | 'replayed' | 'discarded';

/** An item of a webhook that could not be applied. */
export type DeadLetter = Narrowed<'DeadLetter', { state: DeadLetterState }>;
