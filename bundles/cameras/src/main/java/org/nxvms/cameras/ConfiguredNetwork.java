// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras;

import org.nxvms.platform.api.network.AddressRule;
import org.nxvms.platform.api.network.DeviceNetwork;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Tells everybody who connects to devices where these may be. */
@Component(
        service = DeviceNetwork.class,
        configurationPid = "org.nxvms.devices",
        configurationPolicy = ConfigurationPolicy.OPTIONAL)
@Designate(ocd = ConfiguredNetwork.Settings.class)
public final class ConfiguredNetwork implements DeviceNetwork {
    /** Settings of {@code etc/org.nxvms.devices.cfg}. */
    @ObjectClassDefinition(
            name = "NXvms devices",
            description = "Where devices may be; counts for each connection that is made from then on")
    public @interface Settings {
        @AttributeDefinition(
                name = "Devices on this machine allowed",
                description =
                        "Whether cameras may have an address of this machine, as simulated cameras and restreamers do."
                                + " Without them switch it off: who may add cameras could else have the server speak to"
                                + " what listens for this machine alone")
        boolean devicesLocalAllowed() default true;
    }

    private volatile AddressRule rule;

    @Activate
    public ConfiguredNetwork(Settings settings) {
        rule = of(settings);
    }

    @Modified
    void modified(Settings settings) {
        rule = of(settings);
    }

    private static AddressRule of(Settings settings) {
        return new AddressRule(settings.devicesLocalAllowed(), AddressRule.DEVICES.linkLocalAllowed());
    }

    @Override
    public AddressRule addresses() {
        return rule;
    }
}
