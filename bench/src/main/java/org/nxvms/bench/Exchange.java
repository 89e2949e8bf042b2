// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.util.List;
import java.util.Map;

/** One way to exchange a part of a running server. */
interface Exchange {
    /** Once, before anything is measured. */
    void prepare() throws Exception;

    /** Exchanges; returns when the server has said that it is done. */
    void once() throws Exception;

    /** {@return whether the part is at work again} */
    boolean isBack();

    /** {@return what was restarted, stopped or taken out by the exchanges so far, as the server tells: the part itself too} */
    List<String> touched() throws Exception;

    /** Adds what the server itself has written down of the exchanges, where it does. */
    default void addTo(Map<String, Object> figures) {
        // A feature's exchange has no receipt.
    }
}
