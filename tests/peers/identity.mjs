// A device's own identity, and how it sees those of others.

const SIGNED_WITHIN = 20_000; // milliseconds

export class Identity {
    // Set by the client that this belongs to: account {user, password}, session {userId, deviceId}, crypto.

    withPassword = async (request) => {
        try {
            return await request(null);
        } catch (refused) {
            if (refused.httpStatus !== 401 || !refused.data?.session) throw refused;
            const { user, password } = this.account;
            const identifier = { type: "m.id.user", user };
            return request({ type: "m.login.password", identifier, password, session: refused.data.session });
        }
    };

    async bootstrap() {
        await this.crypto.bootstrapCrossSigning({ authUploadDeviceSigningKeys: this.withPassword });
    }

    async sign() {
        await this.bootstrap();
        await this.signedNow();
    }

    // An answer about the old identity that comes in the middle makes the library throw the new keys
    // away: then it is done again, as a person would.
    async reset() {
        do {
            await this.crypto.bootstrapCrossSigning({
                setupNewCrossSigning: true, authUploadDeviceSigningKeys: this.withPassword,
            });
        } while (!(await this.#hasItsKeys()));
        await this.signedNow();
    }

    async #hasItsKeys() {
        const { masterKey, selfSigningKey, userSigningKey } = (await this.crypto.getCrossSigningStatus()).privateKeysCachedLocally;
        return masterKey && selfSigningKey && userSigningKey;
    }

    // The device's signature goes by way of the homeserver; until it is back, nothing can be sent.
    async signedNow() {
        const { userId, deviceId } = this.session;
        const deadline = Date.now() + SIGNED_WITHIN;
        while (!(await this.crypto.getDeviceVerificationStatus(userId, deviceId))?.crossSigningVerified) {
            if (Date.now() > deadline) throw new Error("the device's own signature did not come back");
            await this.crypto.userHasCrossSigningKeys(); // of all ways this one asks the homeserver anew
            await new Promise((soon) => setTimeout(soon, 50));
        }
    }

    async status({ user }) {
        const has = await this.crypto.userHasCrossSigningKeys(user, true);
        const found = await this.crypto.getUserVerificationStatus(user);
        return {
            has_identity: has, known: found.known, verified: found.isVerified(),
            was_verified: found.wasCrossSigningVerified(), needs_approval: found.needsUserApproval,
        };
    }

    async devices({ user }) {
        const found = (await this.crypto.getUserDeviceInfo([user], true)).get(user) ?? new Map();
        return Promise.all([...found.keys()].map((device) => this.deviceStatus({ user, device })));
    }

    async deviceStatus({ user, device }) {
        const info = (await this.crypto.getUserDeviceInfo([user], true)).get(user)?.get(device);
        const status = await this.crypto.getDeviceVerificationStatus(user, device);
        return info && {
            id: device, name: info.displayName ?? null,
            fingerprint: info.getFingerprint() ?? null, identity_key: info.getIdentityKey() ?? null,
            signed: status?.signedByOwner ?? false, cross_signed: status?.crossSigningVerified ?? false,
            trusted: status?.isVerified() ?? false,
        };
    }

    async ownKeys() {
        return this.crypto.getOwnDeviceKeys();
    }

    async crossSigningKeys({ user }) {
        await this.crypto.userHasCrossSigningKeys(user, true);
        return this.crypto.getUserCrossSigningKeys(user);
    }

    async trustDevice({ user, device }) {
        await this.crypto.setDeviceVerified(user, device, true);
    }

    // What a person does who is told that somebody's identity has changed, and goes on.
    async approve({ user }) {
        const found = await this.crypto.getUserVerificationStatus(user);
        if (found.wasCrossSigningVerified() && !found.isVerified()) await this.crypto.withdrawVerificationRequirement(user);
        if (found.needsUserApproval) await this.crypto.pinCurrentUserIdentity(user);
    }

    async signDevice() {
        await this.crypto.crossSignDevice(this.session.deviceId);
        await this.signedNow();
    }

    async exportSecrets() {
        return this.crypto.exportSecretsBundle();
    }

    async importSecrets({ secrets }) {
        await this.crypto.userHasCrossSigningKeys(this.session.userId, true);
        await this.crypto.importSecretsBundle(secrets);
    }

    async exportRoomKeys() {
        return JSON.parse(await this.crypto.exportRoomKeysAsJson());
    }
}
