import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { connect, type LiveEvent } from '~/api/live';
import { refreshCampaign } from '~/features/campaigns/live';
import { refreshPeople } from '~/features/contacts/live';
import { applyConversation, recount } from '~/features/conversations/cache';
import { setPresence } from '~/features/conversations/presence';
import { applyMessage, catchUp, catchUpAll } from '~/features/messages/cache';
import { settle } from '~/features/messages/outbox';
import { useMe } from '~/features/session/api';

/** Brings what happens on the server into what is on the screen. */
export function useLive(): void {
  const client = useQueryClient();
  const me = useMe().id;
  useEffect(() => {
    const apply = (event: LiveEvent) => {
      switch (event.kind) {
        case 'conversation.changed':
          applyConversation(client, event.conversation, me);
          recount(client);
          break;
        case 'message.created':
        case 'message.changed':
          applyMessage(client, event.message);
          if (event.message.client_ref) settle(event.message.client_ref);
          break;
        case 'contact.changed':
          void client.invalidateQueries({ queryKey: ['contact', event.contact_id] });
          refreshPeople(client);
          break;
        case 'number.changed':
          void client.invalidateQueries({ queryKey: ['numbers'] });
          break;
        case 'template.changed':
          void client.invalidateQueries({ queryKey: ['templates'] });
          break;
        case 'campaign.changed':
          refreshCampaign(client, event.campaign_id);
          break;
        case 'import.changed':
          void client.invalidateQueries({ queryKey: ['audience', 'import', event.import_id] });
          break;
      }
    };
    return connect({
      event: apply,
      resync: () => void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' }),
      nudge: (conversationId) => void catchUp(client, conversationId),
      presence: setPresence,
      begun: () => {
        void client.invalidateQueries({ queryKey: ['conversations'] });
        void client.invalidateQueries({ queryKey: ['conversation'] });
        recount(client);
        void catchUpAll(client);
      },
      resumed: () => void catchUpAll(client),
    });
  }, [client, me]);
}
