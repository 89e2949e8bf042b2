// SPDX-License-Identifier: Apache-2.0
/**
 * Does: serves the web console, built from {@code src/main/web}, under {@code /console/} and leads {@code /} there.
 * Does not: know anything about cameras; the console talks to the REST, media and WebSocket contexts by itself.
 * Start reading at {@link org.nxvms.console.ConsoleServlet}.
 */
package org.nxvms.console;
