// SPDX-License-Identifier: Apache-2.0
/**
 * What cameras see in their own pictures: the ONVIF metadata that comes with a stream (profile M), as events.
 *
 * <p>Does: read the metadata tracks of streams that are fetched anyway, and say what moves and which objects are there, with
 * their boxes. Does not: look at pictures, fetch a stream, keep documents (the archive does). Start reading at {@link
 * org.nxvms.scene.Scenes}.
 */
package org.nxvms.scene;
