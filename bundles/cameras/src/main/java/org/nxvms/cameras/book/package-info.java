// SPDX-License-Identifier: Apache-2.0
/**
 * The configured cameras: rules for what is typed, the view in memory over the store, secrets sealed.
 *
 * <p>Does: validation, versions, loading, sealing. Does not: talk to devices or media services. Start
 * reading at {@link org.nxvms.cameras.book.CameraBook}.
 */
package org.nxvms.cameras.book;
