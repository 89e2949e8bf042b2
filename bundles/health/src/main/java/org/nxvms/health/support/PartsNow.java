// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import java.util.Map;

/** How the parts of the server are; asked when a support bundle is made, may take the two seconds that checks have. */
public interface PartsNow {
    /** {@return facts as JSON has them; their sentences go through the sieve} */
    Map<String, Object> now();
}
