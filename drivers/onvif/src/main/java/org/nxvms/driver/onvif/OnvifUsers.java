// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.driver.spi.DeviceUsers;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** The device's own users (Core 8.4). */
final class OnvifUsers implements DeviceUsers {
    private final Services services;

    OnvifUsers(Services services) {
        this.services = services;
    }

    private List<XmlNode> told() throws DriverException {
        return services.call(Service.DEVICE, "GetUsers", "").all("User");
    }

    @Override
    public List<User> users() throws DriverException {
        List<User> users = new ArrayList<>();
        for (XmlNode one : told()) {
            String name = one.text("Username");
            if (!name.isEmpty() && name.length() <= CHARS_MAX && users.size() < USERS_MAX) {
                users.add(new User(name, level(one.text("UserLevel"))));
            }
        }
        return List.copyOf(users);
    }

    private static Level level(String told) {
        return switch (told) {
            case "Administrator" -> Level.ADMINISTRATOR;
            case "Operator" -> Level.OPERATOR;
            case "User" -> Level.VIEWER;
            default -> Level.OTHER;
        };
    }

    private static String word(Level level) throws DriverException {
        return switch (level) {
            case ADMINISTRATOR -> "Administrator";
            case OPERATOR -> "Operator";
            case VIEWER -> "User";
            default -> throw new DriverException(Kind.CONFIG, "ONVIF has no such level that could be asked for.");
        };
    }

    private static String element(String name, Optional<String> password, String level) {
        return "<o:User><tt:Username>" + SoapText.escaped(name) + "</tt:Username>"
                + password.map(word -> "<tt:Password>" + SoapText.escaped(word) + "</tt:Password>")
                        .orElse("")
                + "<tt:UserLevel>" + SoapText.escaped(level) + "</tt:UserLevel></o:User>";
    }

    @Override
    public void add(User user, String password) throws DriverException {
        services.call(Service.DEVICE, "CreateUsers", element(user.name(), Optional.of(password), word(user.level())));
    }

    @Override
    public void change(String name, Optional<String> password, Optional<Level> level) throws DriverException {
        // The operation sets the level in any case (Core 8.4.4): the one that there is, in the device's own word.
        String before = find(name).text("UserLevel");
        services.call(
                Service.DEVICE, "SetUser", element(name, password, level.isPresent() ? word(level.get()) : before));
    }

    @Override
    public void remove(String name) throws DriverException {
        find(name);
        services.call(Service.DEVICE, "DeleteUsers", "<o:Username>" + SoapText.escaped(name) + "</o:Username>");
    }

    /** Devices have many words for a user that they do not have. */
    private XmlNode find(String name) throws DriverException {
        return told().stream()
                .filter(one -> one.text("Username").equals(name))
                .findFirst()
                .orElseThrow(() -> new DriverException(Kind.NOT_FOUND, "The camera has no user '" + name + "'."));
    }
}
