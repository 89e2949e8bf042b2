// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions.found;

/**
 * An extension that keeps the rules. Two that are equal are shown alike: same bundle, same files.
 *
 * @param bundle symbolic name of who brings it
 * @param version of the bundle
 */
public record Extension(String bundle, String version, Description description, ExtensionFiles files) {
    /** Where all of them stand. */
    public static final String PATH = "/console/ext";

    /** {@return the address of its files, with a slash at the end} */
    public String base() {
        return PATH + "/" + bundle + "/" + files.hash() + "/";
    }
}
