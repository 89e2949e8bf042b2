// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras;

import java.util.Optional;
import org.nxvms.platform.api.camera.DriverRollout;
import org.nxvms.platform.api.camera.DriverRollouts;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Which version of a driver serves the registry's cameras, as a service. */
@Component
public final class RolloutService implements DriverRollouts {
    private final DriverRollouts rollouts;

    @Activate
    public RolloutService(@Reference Cameras cameras) {
        this.rollouts = cameras.rollouts();
    }

    @Override
    public void keepServing(String driver) {
        rollouts.keepServing(driver);
    }

    @Override
    public DriverRollout begin(Order order) {
        return rollouts.begin(order);
    }

    @Override
    public DriverRollout giveUp(String driver) {
        return rollouts.giveUp(driver);
    }

    @Override
    public Optional<DriverRollout> rollout(String driver) {
        return rollouts.rollout(driver);
    }
}
