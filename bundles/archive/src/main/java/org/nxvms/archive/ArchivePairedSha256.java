// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.ByteBuffer;
import org.nxvms.platform.api.archive.PairedSha256;
import org.osgi.service.component.annotations.Component;

/** Hashes for others as footage is hashed (ADR 42). */
@Component(service = PairedSha256.class)
public final class ArchivePairedSha256 implements PairedSha256 {
    private static final int LANES = 2;

    @Override
    public boolean advance(ByteBuffer states, ByteBuffer blocks, int from, int count) {
        return NativeSha256.compression()
                .filter(by -> by.compress(LANES, states, blocks, from, blocks, from, blocks, from, blocks, from, count))
                .isPresent();
    }
}
