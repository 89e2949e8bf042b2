// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.harness;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.ServiceLoader;

/** Sees what is asked of a server and what it answers; found by {@link ServiceLoader}. Any thread. */
public interface ApiWitness {
    /**
     * One request and its answer.
     *
     * @param body of the request, empty for none
     * @param bytes body of the answer
     */
    record Exchange(
            String method, URI uri, HttpHeaders asked, String body, int status, HttpHeaders answered, byte[] bytes) {}

    /** @throws AssertionError when it is not as it should be */
    void saw(Exchange exchange);

    /** {@return those there are} */
    static List<ApiWitness> all() {
        return ServiceLoader.load(ApiWitness.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
