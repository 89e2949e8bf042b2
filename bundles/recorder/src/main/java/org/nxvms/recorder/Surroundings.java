// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.function.LongSupplier;
import org.nxvms.platform.api.archive.FootageSink;

/**
 * What a recording works with.
 *
 * @param nowUs wall time
 */
record Surroundings(FootageSink sink, ReaderSource readers, Explanation.Source explanations, LongSupplier nowUs) {}
