// SPDX-License-Identifier: Apache-2.0
/**
 * Servlet contexts on the HTTP whiteboard.
 *
 * <p>Does: registers a context before its servlets. Does not: know HTTP. Start reading at {@link
 * org.nxvms.rest.kit.whiteboard.ContextGate}.
 */
package org.nxvms.rest.kit.whiteboard;
