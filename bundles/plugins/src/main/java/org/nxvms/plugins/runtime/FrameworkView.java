// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.runtime;

import java.util.List;
import java.util.Set;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginRefusedException.Kind;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * What the framework itself made of a plugin's manifest, held against the same laws before the bundle is resolved: two
 * parsers that read a crafted header differently let nothing through.
 */
final class FrameworkView {
    private static final Set<String> CAPABILITIES = Set.of(
            IdentityNamespace.IDENTITY_NAMESPACE,
            BundleNamespace.BUNDLE_NAMESPACE,
            HostNamespace.HOST_NAMESPACE,
            "osgi.service");

    private FrameworkView() {}

    static void check(Bundle bundle, String name, String version) throws PluginRefusedException {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (!name.equals(bundle.getSymbolicName())
                || !version.equals(bundle.getVersion().toString())) {
            throw refused(
                    Constants.BUNDLE_SYMBOLICNAME, "is called " + bundle.getSymbolicName() + " " + bundle.getVersion());
        }
        if ((revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0) {
            throw refused(Constants.FRAGMENT_HOST, "is a fragment");
        }
        for (BundleCapability capability : revision.getDeclaredCapabilities(null)) {
            if (!CAPABILITIES.contains(capability.getNamespace())) {
                throw refused(Constants.EXPORT_PACKAGE, "offers " + capability.getNamespace());
            }
        }
        for (BundleRequirement requirement : revision.getDeclaredRequirements(null)) {
            checkRequirement(requirement);
        }
    }

    private static void checkRequirement(BundleRequirement requirement) throws PluginRefusedException {
        String namespace = requirement.getNamespace();
        if (List.of(BundleNamespace.BUNDLE_NAMESPACE, HostNamespace.HOST_NAMESPACE)
                .contains(namespace)) {
            throw refused(Constants.REQUIRE_BUNDLE, "is tied to a bundle");
        }
        String effective = requirement.getDirectives().get(Constants.EFFECTIVE_DIRECTIVE);
        String resolution = requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE);
        boolean atResolve = effective == null || effective.equals("resolve");
        if (atResolve && resolution != null && !resolution.equals(Constants.RESOLUTION_MANDATORY)) {
            String header = namespace.equals(PackageNamespace.PACKAGE_NAMESPACE)
                    ? Constants.IMPORT_PACKAGE
                    : Constants.REQUIRE_CAPABILITY;
            throw refused(header, "takes something as an option");
        }
    }

    private static PluginRefusedException refused(String header, String what) {
        return new PluginRefusedException(
                Kind.MANIFEST,
                header,
                "The framework reads the manifest otherwise than this server does: the plugin " + what
                        + ". Build it with a tool that writes plain manifests, such as bnd.");
    }
}
