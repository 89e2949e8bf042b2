// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PtzTours;

/** Rounds that the head makes by itself (PTZ 5.6). */
final class OnvifTours implements PtzTours {
    private static final int TOURS_MAX = 100;
    private static final int TEXT_MAX = 64;

    private final Services services;
    private final String profile;

    OnvifTours(Services services, String profile) {
        this.services = services;
        this.profile = "<o:ProfileToken>" + SoapText.escaped(profile) + "</o:ProfileToken>";
    }

    @Override
    public List<Tour> tours() throws DriverException {
        List<Tour> tours = new ArrayList<>();
        for (XmlNode told :
                services.call(Service.PTZ, "GetPresetTours", profile).all("PresetTour")) {
            String token = told.attribute("token");
            String name = told.text("Name").replaceAll("\\p{Cntrl}", "?");
            if (!token.isEmpty() && token.length() <= TEXT_MAX && tours.size() < TOURS_MAX) {
                tours.add(new Tour(
                        token,
                        name.length() <= TEXT_MAX ? name : name.substring(0, TEXT_MAX),
                        told.text("Status", "State").equals("Touring")));
            }
        }
        return List.copyOf(tours);
    }

    @Override
    public void start(String token) throws DriverException {
        if (find(token).isEmpty()) {
            throw new DriverException(Kind.NOT_FOUND, "The camera has no round '" + token + "'.");
        }
        operate(token, "Start");
    }

    @Override
    public void stop(String token) throws DriverException {
        if (find(token).filter(Tour::running).isPresent()) {
            operate(token, "Stop");
        }
    }

    private Optional<Tour> find(String token) throws DriverException {
        return tours().stream().filter(tour -> tour.token().equals(token)).findFirst();
    }

    private void operate(String token, String operation) throws DriverException {
        services.call(
                Service.PTZ,
                "OperatePresetTour",
                profile + "<o:PresetTourToken>" + SoapText.escaped(token) + "</o:PresetTourToken><o:Operation>"
                        + operation + "</o:Operation>");
    }
}
