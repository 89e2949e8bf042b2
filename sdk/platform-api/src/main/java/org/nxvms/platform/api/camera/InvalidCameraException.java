// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.util.Map;

/** A camera's configuration cannot work. Each field (camelCase JSON name) has a sentence: what is wrong and what to do. */
public class InvalidCameraException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, String> fields;

    public InvalidCameraException(Map<String, String> fields) {
        super(String.join("; ", fields.values()));
        this.fields = Map.copyOf(fields);
    }

    /** {@return sentence by field} */
    public Map<String, String> fields() {
        return fields;
    }
}
