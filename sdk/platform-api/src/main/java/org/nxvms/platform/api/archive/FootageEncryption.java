// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

/** How new footage of a volume is written; what is there already stays as it is. */
public enum FootageEncryption {
    /** As it comes. */
    NONE("none"),
    /** Each fragment's payload by AES-256-GCM (NIST SP 800-38D), with a key that lies outside every volume. */
    AES_256_GCM("aes-256-gcm");

    private final String id;

    FootageEncryption(String id) {
        this.id = id;
    }

    /** {@return its name in settings and on the wire} */
    public String id() {
        return id;
    }

    /**
     * {@return the one of that name}
     *
     * @throws IllegalArgumentException when there is none; the message begins with the field's name
     */
    public static FootageEncryption of(String id) {
        for (FootageEncryption one : values()) {
            if (one.id.equals(id)) {
                return one;
            }
        }
        String shown = id.length() <= 40 ? id : id.substring(0, 40) + "...";
        throw new IllegalArgumentException("encryption must be none or aes-256-gcm, not \"" + shown + "\"");
    }
}
