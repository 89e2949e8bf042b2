// SPDX-License-Identifier: Apache-2.0
import { Unauthenticated } from './errors.js';

/** Part of an access token's life after which it is renewed. */
const RENEW_AFTER = 0.75;

/** Who is asking: an API key for ever, or the tokens of a login, renewed before they end. */
export class Session {
  #transport;
  #clock;
  #access;
  #refresh;
  #renewAtMs = Number.POSITIVE_INFINITY;
  #renewing;

  constructor(transport, apiKey, clock = () => performance.now()) {
    this.#transport = transport;
    this.#access = apiKey;
    this.#clock = clock;
  }

  async login(username, password, totp) {
    return await this.#begin('/api/v1/auth/login', { username, password, totp });
  }

  async logout() {
    const [access, refreshToken] = [this.#access, this.#refresh];
    if (refreshToken !== undefined) {
      this.#forget();
      const headers = { Authorization: `Bearer ${access}` };
      await this.#transport.open('POST', '/api/v1/auth/logout', { body: { refreshToken }, headers });
    }
  }

  /** The token to send, renewed when it is time. */
  async token() {
    if (this.#refresh !== undefined && this.#clock() >= this.#renewAtMs) {
      await this.#renew();
    }
    return this.#access;
  }

  /** Whether there is another token than the one that was just refused. */
  async renewed(refused) {
    if (this.#refresh === undefined) {
      return false;
    }
    try {
      if (this.#access === refused) {
        await this.#renew();
      }
      return true;
    } catch (error) {
      if (error instanceof Unauthenticated) {
        return false;
      }
      throw error;
    }
  }

  /** One at a time: a refresh token that is used twice ends the session. */
  #renew() {
    this.#renewing ??= this.#begin('/api/v1/auth/refresh', { refreshToken: this.#refresh })
      .catch((error) => {
        if (error instanceof Unauthenticated) {
          this.#forget();
        }
        throw error;
      })
      .finally(() => {
        this.#renewing = undefined;
      });
    return this.#renewing;
  }

  #forget() {
    this.#access = this.#refresh = undefined;
  }

  async #begin(path, body) {
    const response = await this.#transport.open('POST', path, { body });
    const { accessToken, refreshToken, ...told } = await response.json();
    this.#access = accessToken;
    this.#refresh = refreshToken;
    this.#renewAtMs = this.#clock() + told.expiresInSeconds * RENEW_AFTER * 1000;
    return told;
  }
}
