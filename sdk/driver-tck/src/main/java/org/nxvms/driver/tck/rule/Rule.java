// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

/**
 * One thing that the contract says, and how it is tried.
 *
 * @param id stable, its first word is what it is about: {@code data.equal-endpoints}
 * @param says the rule, for who reads a report
 * @param alone whether nothing else may run meanwhile, as it counts threads and sockets
 */
public record Rule(String id, String says, boolean alone, Check check) {
    /** Returns when the rule is kept. */
    @FunctionalInterface
    public interface Check {
        /**
         * @throws org.nxvms.driver.tck.stage.Broken when it is not
         * @throws NotTried when it cannot be tried here
         */
        void on(Scene scene) throws Exception;
    }

    static Rule of(String id, String says, Check check) {
        return new Rule(id, says, false, check);
    }

    static Rule alone(String id, String says, Check check) {
        return new Rule(id, says, true, check);
    }

    /** {@return what it is about} */
    public String topic() {
        return id.substring(0, id.indexOf('.'));
    }

    @Override
    public String toString() {
        return id;
    }
}
