//! JavaScript, TypeScript and the web.

use super::Row;
use crate::audit::role::Role::*;

pub const ROWS: &[Row] = &[
    (Publish, "lerna", "publish"),
    (Verify, "changeset", "status"),
    (Verify, "hardhat forge", "coverage test compile build"),
    (Generated, "eslint prettier biome stylelint standard xo oxlint dprint", "--fix --write -w --apply"),
    (
        Verify,
        "eslint prettier biome stylelint standard xo oxlint tslint jshint jslint standardx rome dprint knip madge depcheck",
        "",
    ),
    (Telemetry, "nyc c8", "report"),
    (Support, "playwright cypress puppeteer", "browsers install install-deps cache verify info"),
    (
        Verify,
        "jest vitest mocha ava cypress playwright karma jasmine tap tape uvu qunit testem wdio nightwatch testcafe puppeteer c8 nyc",
        "",
    ),
    (
        Verify,
        "tsc vue-tsc tsd attw publint size-limit bundlewatch bundlesize lhci pa11y pa11y-ci axe commitlint htmlhint html-validate",
        "",
    ),
    (
        Verify,
        "webpack vite rollup esbuild parcel tsup next nuxt astro gatsby ng remix svelte-kit svelte-check hugo jekyll eleventy docusaurus",
        "",
    ),
    (
        Verify,
        "vuepress vitepress gitbook electron-builder storybook build-storybook chromatic percy loki reg-suit tsdx unbuild wrangler",
        "build test check",
    ),
    (
        Verify,
        "storybook build-storybook chromatic percy tsdx unbuild lerna electron-forge electron-builder markdownlint markdownlint-cli2",
        "",
    ),
    (
        Verify,
        "textlint alex cspell linkinator broken-link-checker blc remark retire audit-ci better-npm-audit license-checker are-the-types-wrong",
        "",
    ),
    (
        Publish,
        "vercel netlify firebase wrangler surge gh-pages serverless sls expo eas now",
        "deploy publish --prod submit versions",
    ),
    (Publish, "gh-pages surge semantic-release release-it np changeset auto vsce ovsx", "publish release deploy"),
    (Publish, "semantic-release release-it surge gh-pages", ""),
    (Verify, "vsce ovsx", "package"),
    (Publish, "npm yarn pnpm bun lerna jsr deno", "publish"),
    (Generated, "npm", "fix"),
    (Cleanup, "npm", "rm"),
    (Publish, "npm", "dist-tag"),
    (Verify, "npm yarn pnpm bun", "audit pack --check constraints"),
    (
        Support,
        "npm yarn pnpm bun",
        "ci install i add config link list ls cache set version view info why outdated login whoami prune dedupe remove uninstall un rm import store fetch rebuild init create import-lock global --version -v",
    ),
    (Verify, "deno", "--check"),
    (Generated, "deno", "fmt"),
    (Telemetry, "deno", "coverage"),
    (Verify, "deno", "test lint check bench fmt compile"),
    (Verify, "npm yarn pnpm bun", "test t tst"),
    (Support, "npm yarn pnpm bun", "start serve dev"),
    (Support, "corepack nvm fnm volta n http-server serve wait-on", ""),
];
