// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.Optional;
import org.nxvms.driver.spi.DeviceAnalytics;
import org.nxvms.driver.spi.DriverException;

/** What a device detects, and could (Analytics 5.2, 5.3), and which streams carry it. What it does not tell of is left out. */
final class OnvifAnalytics implements DeviceAnalytics {
    private final Services services;
    private final Profiles profiles;
    private final OnvifMetadata metadata;

    OnvifAnalytics(Services services, Profiles profiles, OnvifMetadata metadata) {
        this.services = services;
        this.profiles = profiles;
        this.metadata = metadata;
    }

    /** {@return whether a device is worth asking} */
    static boolean isThere(Services services, OnvifMetadata metadata) {
        return services.has(Service.ANALYTICS) || metadata.isKnown();
    }

    @Override
    public Analysis analysis() throws DriverException {
        Optional<String> token = services.has(Service.ANALYTICS) ? configuration() : Optional.empty();
        return new Analysis(
                parts(token, "GetRules", "Rule"),
                kinds(token, "GetSupportedRules", "SupportedRules", "RuleDescription"),
                parts(token, "GetAnalyticsModules", "AnalyticsModule"),
                kinds(token, "GetSupportedAnalyticsModules", "SupportedAnalyticsModules", "AnalyticsModuleDescription"),
                metadata.told());
    }

    /** {@return the configuration of main's profile, else of sub's, else the first that the device has} */
    private Optional<String> configuration() throws DriverException {
        String main = profiles.main().scene().analytics();
        String sub = profiles.sub().map(profile -> profile.scene().analytics()).orElse("");
        if (!main.isEmpty() || !sub.isEmpty()) {
            return Optional.of(main.isEmpty() ? sub : main);
        }
        return services
                .findBeside(
                        profiles.media2() ? Service.MEDIA2 : Service.MEDIA,
                        profiles.media2() ? "GetAnalyticsConfigurations" : "GetVideoAnalyticsConfigurations",
                        "")
                .stream()
                .flatMap(answer -> answer.all("Configurations").stream())
                .map(each -> each.attribute("token"))
                .filter(each -> !each.isEmpty())
                .findFirst();
    }

    private Optional<XmlNode> ask(Optional<String> token, String operation) throws DriverException {
        return token.isEmpty()
                ? Optional.empty()
                : services.findBeside(
                        Service.ANALYTICS,
                        operation,
                        "<o:ConfigurationToken>" + SoapText.escaped(token.get()) + "</o:ConfigurationToken>");
    }

    private List<Part> parts(Optional<String> token, String operation, String element) throws DriverException {
        return ask(token, operation).stream()
                .flatMap(answer -> answer.all(element).stream())
                .filter(each -> !kind(each.attribute("Type")).isEmpty())
                .map(each -> new Part(Profiles.shortened(each.attribute("Name")), kind(each.attribute("Type"))))
                .limit(PARTS_MAX)
                .toList();
    }

    private List<String> kinds(Optional<String> token, String operation, String list, String element)
            throws DriverException {
        return ask(token, operation).flatMap(answer -> answer.find(list)).stream()
                .flatMap(all -> all.all(element).stream())
                .map(each -> kind(each.attribute("Name")))
                .filter(kind -> !kind.isEmpty())
                .distinct()
                .limit(PARTS_MAX)
                .toList();
    }

    /** {@return a name without its prefix} */
    private static String kind(String name) {
        return Profiles.shortened(name.substring(name.indexOf(':') + 1).strip());
    }
}
