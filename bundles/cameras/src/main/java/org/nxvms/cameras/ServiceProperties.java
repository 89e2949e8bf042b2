// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.osgi.framework.Constants;

/** What services say of themselves. */
final class ServiceProperties {
    private ServiceProperties() {}

    static long id(Map<String, Object> properties) {
        return (Long) properties.get(Constants.SERVICE_ID);
    }

    /** {@return the URI schemes of an ingest, lower case} */
    static Set<String> schemes(Map<String, Object> properties) {
        Set<String> schemes = new HashSet<>();
        if (properties.get(StreamIngest.PROPERTY_SCHEMES) instanceof String[] several) {
            for (String scheme : several) {
                schemes.add(scheme.toLowerCase(Locale.ROOT));
            }
        } else if (properties.get(StreamIngest.PROPERTY_SCHEMES) instanceof String one) {
            schemes.add(one.toLowerCase(Locale.ROOT));
        }
        return schemes;
    }
}
