// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

/** A parameter set or codec configuration that cannot be what it claims to be. */
public final class NalException extends Exception {
    private static final long serialVersionUID = 1L;

    public NalException(String message) {
        super(message);
    }
}
