// One person with one device: a client of matrix-js-sdk, and what a test may ask of it.

import { createClient, ClientEvent, MatrixEventEvent, RoomEvent, RoomMemberEvent, RoomStateEvent } from "matrix-js-sdk";
import {
    AllDevicesIsolationMode, CryptoEvent, EventShieldColour, EventShieldReason, OnlySignedDevicesIsolationMode,
} from "matrix-js-sdk/lib/crypto-api/index.js";
import { Identity } from "./identity.mjs";
import { Verifications } from "./verifications.mjs";

const nothing = () => {};
const logger = { trace: nothing, debug: nothing, info: nothing, warn: console.warn, error: console.error, getChild: () => logger };
const ROOM_COMES_WITHIN = 20_000; // milliseconds, for a room that this client has just made or joined
const ENCRYPTION = { type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } };

export class Person extends Identity {
    static ABILITIES = new Set([
        "login", "stop", "restart", "logout",
        "createRoom", "invite", "join", "leave", "send", "sendPlain", "state", "stateNow", "redact", "discardSession",
        "invitations", "membership", "timeline", "encrypted", "directs",
        "sign", "reset", "status", "deviceStatus", "devices", "ownKeys", "crossSigningKeys", "trustDevice",
        "approve", "signDevice", "exportSecrets", "importSecrets", "exportRoomKeys", "isolation",
        "verifications", "requestVerification", "acceptVerification", "beginSas", "confirmSas", "cancelVerification",
    ]);

    constructor(name, changed) {
        super();
        this.name = name;
        this.changed = changed;
    }

    // Coming and going

    async login({ url, user, password, signed, isolated }) {
        this.account = { url, user, password };
        const client = createClient({ baseUrl: url, logger });
        const { access_token, device_id, user_id } = await client.loginRequest({
            type: "m.login.password", identifier: { type: "m.id.user", user }, password,
        });
        this.session = { baseUrl: url, accessToken: access_token, deviceId: device_id, userId: user_id };
        this.isolated = isolated;
        await this.#begin();
        if (signed) await this.bootstrap();
        await this.#sync();
        if (signed) await this.signedNow();
        return { device: device_id, token: access_token };
    }

    async #begin() {
        this.client = createClient({
            ...this.session, logger, verificationMethods: ["m.sas.v1"], localTimeoutMs: 60_000,
        });
        await this.client.initRustCrypto({ cryptoDatabasePrefix: this.name });
        this.crypto = this.client.getCrypto();
        this.isolation({ signedOnly: this.isolated });
        this.talks = new Verifications(this.crypto, this.changed);
        this.client.on(CryptoEvent.VerificationRequestReceived, (request) => this.talks.add(request));
        const news = [
            ClientEvent.Room, MatrixEventEvent.Decrypted, RoomEvent.Timeline, RoomEvent.Redaction, RoomEvent.MyMembership,
            RoomEvent.LocalEchoUpdated, RoomMemberEvent.Membership, RoomStateEvent.Events, CryptoEvent.DevicesUpdated,
            CryptoEvent.UserTrustStatusChanged, CryptoEvent.KeysChanged,
        ];
        for (const kind of news) this.client.on(kind, () => this.changed());
    }

    async #sync() {
        const prepared = new Promise((done, failed) => {
            this.client.on(ClientEvent.Sync, (state, _, more) => {
                if (state === "PREPARED") done();
                if (state === "ERROR") failed(more?.error ?? new Error("the first sync failed"));
                this.changed();
            });
        });
        await this.client.startClient({ initialSyncLimit: 100, pollTimeout: 30_000 });
        await prepared;
    }

    async stop() {
        this.client?.stopClient();
        this.client = undefined;
    }

    // The same device again, with the keys that it had, and everything else forgotten.
    async restart() {
        this.client.stopClient();
        await this.#begin();
        await this.#sync();
    }

    async logout() {
        await this.client.logout(true);
        this.client = undefined;
    }

    isolation({ signedOnly }) {
        this.isolated = signedOnly;
        this.crypto.setDeviceIsolationMode(
            signedOnly ? new OnlySignedDevicesIsolationMode() : new AllDevicesIsolationMode(false),
        );
    }

    // Rooms

    async createRoom({ encrypted, direct, invite, options }) {
        const { room_id } = await this.client.createRoom({
            preset: direct ? "trusted_private_chat" : "private_chat",
            is_direct: direct,
            invite,
            ...options,
            initial_state: [...(encrypted ? [ENCRYPTION] : []), ...(options?.initial_state ?? [])],
        });
        if (direct) {
            const known = (await this.client.getAccountDataFromServer("m.direct")) ?? {};
            const chats = { ...known };
            for (const other of invite) chats[other] = [...(known[other] ?? []), room_id];
            await this.client.setAccountData("m.direct", chats);
        }
        await this.#joined(room_id, encrypted);
        return room_id;
    }

    async join({ room }) {
        await this.client.joinRoom(room);
        await this.#joined(room, false);
    }

    async #joined(room, encrypted) {
        const deadline = Date.now() + ROOM_COMES_WITHIN;
        for (;;) {
            const found = this.client.getRoom(room);
            if (found?.getMyMembership() === "join" && (!encrypted || found.hasEncryptionStateEvent())) return;
            if (Date.now() > deadline) throw new Error("the room did not come by sync");
            await new Promise((soon) => setTimeout(soon, 20));
        }
    }

    async invite({ room, user }) {
        await this.client.invite(room, user);
    }

    async leave({ room }) {
        await this.client.leave(room);
    }

    async send({ room, type, content }) {
        return (await this.client.sendEvent(room, type, content)).event_id;
    }

    // Past the encryption, as a hostile or careless client does.
    async sendPlain({ room, type, content }) {
        const path = `/rooms/${encodeURIComponent(room)}/send/${encodeURIComponent(type)}/plain${Math.random()}`;
        return (await this.client.http.authedRequest("PUT", path, undefined, content)).event_id;
    }

    async state({ room, type, key, content }) {
        return (await this.client.sendStateEvent(room, type, content, key)).event_id;
    }

    async stateNow({ room, type, key }) {
        return this.client.getStateEvent(room, type, key);
    }

    async redact({ room, event }) {
        return (await this.client.redactEvent(room, event)).event_id;
    }

    async discardSession({ room }) {
        await this.crypto.forceDiscardSession(room);
    }

    async encrypted({ room }) {
        return this.crypto.isEncryptionEnabledInRoom(room);
    }

    async directs() {
        return this.client.getAccountData("m.direct")?.getContent() ?? {};
    }

    async invitations() {
        const rooms = this.client.getRooms().filter((room) => room.getMyMembership() === "invite");
        return rooms.map((room) => {
            const mine = room.getMember(this.session.userId)?.events.member;
            return { room: room.roomId, from: mine?.getSender() ?? null, direct: mine?.getContent().is_direct === true };
        });
    }

    async membership({ room, user }) {
        return this.client.getRoom(room)?.getMember(user)?.membership ?? null;
    }

    async timeline({ room }) {
        const events = this.client.getRoom(room)?.getLiveTimeline().getEvents() ?? [];
        return Promise.all(events.filter((event) => event.status === null).map((event) => this.#shown(event)));
    }

    async #shown(event) {
        const info = event.isEncrypted() ? await this.crypto.getEncryptionInfoForEvent(event) : null;
        const waiting = event.isEncrypted() && !event.isRedacted() && !event.clearEvent;
        return {
            id: event.getId(),
            sender: event.getSender(),
            type: event.getType(),
            content: event.getContent(),
            state_key: event.getStateKey() ?? null,
            encrypted: event.isEncrypted(),
            waiting: waiting && !event.isDecryptionFailure(),
            redacted: event.isRedacted(),
            failure: event.isDecryptionFailure() ? event.decryptionFailureReason : null,
            shield: info && EventShieldColour[info.shieldColour].toLowerCase(),
            reason: info && info.shieldReason !== null ? EventShieldReason[info.shieldReason] : null,
        };
    }

    // Verification

    verifications = async () => this.talks.all();
    requestVerification = async (whom) => this.talks.request(whom);
    acceptVerification = async ({ talk }) => this.talks.accept(talk);
    beginSas = async ({ talk }) => this.talks.begin(talk);
    confirmSas = async ({ talk, same }) => this.talks.confirm(talk, same);
    cancelVerification = async ({ talk }) => this.talks.cancel(talk);
}
