import type { TemplateComponent } from '~/api/contract';
import type { SentTemplate } from '~/features/messages/content';

/** A message that is filled in already, as the components that the phone draws. */
export function componentsOf(message: SentTemplate): TemplateComponent[] {
  const { header, body, footer, buttons } = message;
  return [
    ...(header
      ? [{ type: 'HEADER', format: header.format?.toUpperCase(), text: header.text ?? undefined }]
      : []),
    { type: 'BODY', text: body ?? '' },
    ...(footer ? [{ type: 'FOOTER', text: footer }] : []),
    ...(buttons?.length
      ? [
          {
            type: 'BUTTONS',
            buttons: buttons.map((each) => ({
              type: each.type?.toUpperCase() ?? 'QUICK_REPLY',
              text: each.text ?? '',
              url: each.url,
              phone_number: each.phone,
              example: each.code ?? undefined,
            })),
          },
        ]
      : []),
  ];
}
