import { useFile } from '~/features/media/api';
import type { PreviewMedia } from '~/features/templates/preview/HeaderPicture';
import type { Header } from '../contract';

/** The file of a campaign's header, as the phone draws it. */
export const useHeaderMedia = (header: Header | null): PreviewMedia | null => useFile(header?.media_id);
