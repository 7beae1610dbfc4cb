// Signs passes with passkit-generator as its documentation advises: one PKPass is kept as the template.
// usage: node sign.mjs FOLDER SECONDS; FOLDER holds pass.json, images/ and the PEM files, out.pkpass is written.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { PKPass } from "passkit-generator";

const [folder, seconds] = process.argv.slice(2);
const read = (name) => readFileSync(join(folder, name));
const document = JSON.parse(read("pass.json"));
const { storeCard, barcodes, ...others } = document;

const images = Object.fromEntries(
	readdirSync(join(folder, "images")).map((name) => [name, read(join("images", name))]),
);
const certificates = { wwdr: read("wwdr.pem"), signerCert: read("leaf.pem"), signerKey: read("key.pem") };
const template = new PKPass(
	{ ...images, "pass.json": Buffer.from(JSON.stringify({ ...others, storeCard })) },
	certificates,
);

async function sign(number) {
	const pass = await PKPass.from(template, { serialNumber: `card-${number}` });
	pass.setBarcodes(...barcodes);
	return pass.getAsBuffer();
}

await sign(0);
const start = performance.now();
let count = 0;
let made;
while (performance.now() - start < Number(seconds) * 1000) {
	made = await sign(++count);
}
const perSecond = count / ((performance.now() - start) / 1000);
writeFileSync(join(folder, "out.pkpass"), made);
console.log(JSON.stringify({ passes_per_s: perSecond }));
