// SPDX-License-Identifier: Apache-2.0
/**
 * The same credentials and problems for plain servlets and WebSocket upgrades.
 *
 * <p>Does: read credentials of a request, write a problem. Does not: decide. Start reading at {@link
 * org.nxvms.rest.kit.servlet.ServletAccess}.
 */
package org.nxvms.rest.kit.servlet;
