// SPDX-License-Identifier: Apache-2.0
/**
 * Does: says which of a camera's streams is shown when ({@code stream=auto}). Does not: read footage. Start reading at
 * {@link org.nxvms.playback.played.PlayedPieces}.
 */
package org.nxvms.playback.played;
