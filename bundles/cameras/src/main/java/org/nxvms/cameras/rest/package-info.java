// SPDX-License-Identifier: Apache-2.0
/**
 * Cameras, drivers, servers and groups over REST.
 *
 * <p>Does: shapes, merging of changes, problems that name the field. Does not: decide what a camera
 * needs (book). Start reading at {@link org.nxvms.cameras.rest.CamerasResource}.
 */
package org.nxvms.cameras.rest;
