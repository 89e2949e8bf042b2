// SPDX-License-Identifier: Apache-2.0
/**
 * Footage from cameras' own storage over HTTP.
 *
 * <p>Does: fetch a part of a recording and send it on as it comes. Does not: keep it, know containers. Start reading at {@link
 * org.nxvms.cameras.edge.EdgeServlet}.
 */
package org.nxvms.cameras.edge;
