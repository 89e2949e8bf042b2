// SPDX-License-Identifier: Apache-2.0
/**
 * Does: cameras that requests name, and the problem of those that are not there. Does not: decide which are known, nor who may what.
 * Start reading at {@link org.nxvms.rest.kit.camera.NamedCameras}.
 */
package org.nxvms.rest.kit.camera;
