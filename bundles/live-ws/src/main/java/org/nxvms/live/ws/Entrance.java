// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.util.Optional;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.RequestCredentials;

/** Where viewers come in, as a socket sees it: the servlet, which asks for rights. Any thread. */
interface Entrance {
    /** Who asks, by what. */
    record Guest(AuthenticatedUser user, RequestCredentials credentials) {}

    LivePump pump();

    /**
     * Admits a viewer whose place was reserved, or says at its outlet why not and gives the place back.
     *
     * @return the viewer, also when it was not admitted
     */
    Viewer begin(StreamId stream, Guest guest, Outlet outlet);

    /**
     * {@return the guest as who they are now: a session may have ended, a user may have changed, since the socket was opened; empty
     * while that cannot be asked}
     *
     * @throws AccessDeniedException when they are nobody any more
     */
    Optional<Guest> again(Guest guest) throws AccessDeniedException;
}
