// SPDX-License-Identifier: Apache-2.0
/**
 * The camera registry: what is configured, which driver serves it, how it fares.
 *
 * <p>Does: keeps cameras in memory over the store, asks drivers for stream endpoints, tells ingest and
 * recorder what to do, composes each camera's status, answers REST. Does not: carry media, write
 * footage, own database tables. Start reading at {@link org.nxvms.cameras.Cameras}.
 */
package org.nxvms.cameras;
