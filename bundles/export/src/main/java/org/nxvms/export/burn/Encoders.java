// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.burn;

import java.util.Optional;
import java.util.function.Supplier;
import org.nxvms.platform.api.worker.EncoderPlaces;
import org.nxvms.platform.api.worker.Transcoder;

/**
 * Who encodes, as they are there now.
 *
 * @param transcoder empty while the media worker is exchanged
 * @param places empty where nobody else encodes for long
 */
public record Encoders(Supplier<Optional<Transcoder>> transcoder, Supplier<Optional<EncoderPlaces>> places) {}
