// Verification by comparing emoji (SAS), as one device sees it.

import { VerificationPhase, VerificationRequestEvent, VerifierEvent } from "matrix-js-sdk/lib/crypto-api/index.js";

export class Verifications {
    #talks = new Map(); // by transaction id: { request, sas, error }

    constructor(crypto, changed) {
        this.crypto = crypto;
        this.changed = changed;
    }

    add(request) {
        const talk = { request, sas: null, error: null, begun: false };
        this.#talks.set(request.transactionId, talk);
        request.on(VerificationRequestEvent.Change, () => this.changed());
        this.changed();
        return this.#shown(talk);
    }

    all() {
        return [...this.#talks.values()].map((talk) => this.#shown(talk));
    }

    #shown({ request, sas, error }) {
        return {
            id: request.transactionId,
            room: request.roomId ?? null,
            user: request.otherUserId,
            device: request.otherDeviceId ?? null,
            mine: request.initiatedByMe,
            phase: VerificationPhase[request.phase].toLowerCase(),
            cancelled: request.cancellationCode,
            emoji: sas?.sas.emoji?.map(([picture]) => picture) ?? null,
            decimal: sas?.sas.decimal ?? null,
            error,
        };
    }

    #get(id) {
        const talk = this.#talks.get(id);
        if (!talk) throw new Error(`no verification ${id}`);
        return talk;
    }

    // `room`: in a direct chat; `device`: by to-device messages; neither: the person's own other devices.
    async request({ user, room, device }) {
        if (room) return this.add(await this.crypto.requestVerificationDM(user, room));
        if (device) return this.add(await this.crypto.requestDeviceVerification(user, device));
        return this.add(await this.crypto.requestOwnUserVerification());
    }

    async accept(id) {
        await this.#get(id).request.accept();
    }

    // Starts the comparison, or goes along with the other side's start.
    async begin(id) {
        const talk = this.#get(id);
        if (talk.begun) return;
        talk.begun = true;
        const verifier = talk.request.verifier ?? (await talk.request.startVerification("m.sas.v1"));
        verifier.on(VerifierEvent.ShowSas, (sas) => {
            talk.sas = sas;
            this.changed();
        });
        verifier.verify().catch((why) => {
            talk.error = String(why.message ?? why);
            this.changed();
        });
        talk.sas ??= verifier.getShowSasCallbacks();
    }

    async confirm(id, same) {
        const { sas } = this.#get(id);
        if (!sas) throw new Error("there is nothing to compare yet");
        if (same) await sas.confirm();
        else sas.mismatch();
    }

    async cancel(id) {
        await this.#get(id).request.cancel();
    }
}
