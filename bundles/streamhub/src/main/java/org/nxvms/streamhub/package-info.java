// SPDX-License-Identifier: Apache-2.0
/**
 * Does: hold the newest access units of every stream in memory that outlives writers and readers, and the sessions of an
 * engine that is exchanged. Does not: open sockets, know disks or cameras; keep any class of a driver. Start reading at
 * {@link org.nxvms.streamhub.Ring}.
 */
package org.nxvms.streamhub;
