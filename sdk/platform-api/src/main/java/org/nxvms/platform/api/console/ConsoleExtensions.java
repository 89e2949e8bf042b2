// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.console;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who shows console extensions: parts of the web console that other bundles bring. Any thread, answers from memory. A
 * service of the server that may be replaced: refer to it dynamically.
 */
@ProviderType
public interface ConsoleExtensions {
    /**
     * Header of a bundle that brings one. Its value is the path of the extension's description within the bundle, such as
     * {@code console/extension.json}; all files of that folder are served to browsers.
     */
    String HEADER = "NXvms-Console-Extension";

    /**
     * {@return why what a running bundle brings is not shown, a sentence for who wrote it}; empty when it is shown, when an
     * other version of the bundle is shown in its place, when it brings nothing, and when it does not run
     *
     * @param bundle its symbolic name
     * @param version as its manifest has it
     */
    Optional<String> refusal(String bundle, String version);
}
