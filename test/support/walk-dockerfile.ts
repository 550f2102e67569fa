import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import dockerignore from '@balena/dockerignore';
import {
  type Copy,
  DockerfileParser,
  type Env,
  type From,
  type Healthcheck,
  type Instruction,
  type JSONInstruction,
  type Workdir,
} from 'dockerfile-ast';

/** The result of the last stage of a Dockerfile, in a folder instead of an image. */
export interface Walked {
  /** The root of its file system, without the files of the base image. */
  root: string;
  base: string;
  workdir: string;
  env: Record<string, string>;
  user: string;
  ports: string[];
  command: string[];
  healthcheck: string[];
}

/** Copies what `.dockerignore` leaves of a folder: what an engine would send to its builder. */
export async function copyContext(from: string, to: string): Promise<void> {
  const isKept = await readIgnore(from);
  const files = (await readdir(from, { withFileTypes: true })).filter(
    ({ name }) => name !== '.git',
  );
  for (const entry of files) {
    const paths = entry.isDirectory()
      ? (await readdir(join(from, entry.name), { recursive: true })).map(name =>
          join(entry.name, name),
        )
      : [entry.name];
    for (const path of paths.filter(isKept)) {
      if ((await stat(join(from, path))).isFile()) await cp(join(from, path), join(to, path));
    }
  }
}

/** Returns whether a path belongs to the context of the build in a folder. */
export async function readIgnore(folder: string): Promise<(path: string) => boolean> {
  const text = await readFile(join(folder, '.dockerignore'), 'utf8');
  return dockerignore.default().add(text.split('\n')).createFilter();
}

/**
 * Executes a Dockerfile without an engine: COPY copies to a folder for each stage, and RUN runs in it, with this machine's
 * programs instead of those of the stage's image. Throws for an unknown instruction.
 */
export async function walkDockerfile(
  dockerfile: string,
  context: string,
  folder: string,
): Promise<Walked> {
  const text = await readFile(dockerfile, 'utf8');
  const stages = new Map<string, Walked>();
  let stage: Walked | undefined;
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword();
    if (keyword === 'FROM') {
      // The parser derives the class of each instruction from its keyword, here and below.
      const from = instruction as From;
      stage = newStage(join(folder, String(stages.size)), from.getImage() ?? '');
      stages.set(from.getBuildStage() ?? String(stages.size), stage);
      continue;
    }
    const step = STEPS[keyword];
    if (stage === undefined || step === undefined) throw new Error(`${keyword} is not known here`);
    await step(stage, instruction, { context, stages });
  }
  if (stage === undefined) throw new Error('The Dockerfile has no stage');
  return stage;
}

function newStage(root: string, base: string): Walked {
  const empty = { workdir: '/', env: {}, user: 'root' };
  return { root, base, ...empty, ports: [], command: [], healthcheck: [] };
}

interface Surroundings {
  context: string;
  stages: ReadonlyMap<string, Walked>;
}

type Step = (stage: Walked, instruction: Instruction, around: Surroundings) => void | Promise<void>;

const STEPS: Record<string, Step> = {
  async WORKDIR(stage, instruction) {
    stage.workdir = (instruction as Workdir).getPath() ?? '';
    await mkdir(join(stage.root, stage.workdir), { recursive: true });
  },
  ENV(stage, instruction) {
    for (const property of (instruction as Env).getProperties()) {
      stage.env[property.getName()] = property.getValue() ?? '';
    }
  },
  async COPY(stage, instruction, { context, stages }) {
    const flag = (instruction as Copy).getFromFlag()?.getValue();
    const from = flag === undefined || flag === null ? context : stages.get(flag)?.root;
    if (from === undefined) throw new Error(`There is no stage ${flag}`);
    const paths = argumentsOf(instruction).filter(value => !value.startsWith('--'));
    const to = join(stage.root, stage.workdir, paths.pop() ?? '');
    for (const path of paths) {
      const source = join(from, path);
      const isFolder = (await stat(source)).isDirectory();
      await cp(source, isFolder ? to : join(to, basename(path)), { recursive: true });
    }
  },
  RUN(stage, instruction) {
    const command = argumentsOf(instruction).join(' ');
    const { status, stderr } = spawnSync('sh', ['-c', command], {
      cwd: join(stage.root, stage.workdir),
      // npm uses packages from its cache if it has them.
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        npm_config_prefer_offline: 'true',
        ...stage.env,
      },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`RUN ${command}: ${stderr}`);
  },
  USER(stage, instruction) {
    stage.user = argumentsOf(instruction).join();
  },
  EXPOSE(stage, instruction) {
    stage.ports = argumentsOf(instruction);
  },
  HEALTHCHECK(stage, instruction) {
    const [, check = ''] =
      / CMD (\[.*\])/.exec((instruction as Healthcheck).getTextContent()) ?? [];
    stage.healthcheck = JSON.parse(check);
  },
  CMD(stage, instruction) {
    stage.command = (instruction as JSONInstruction)
      .getJSONStrings()
      .map(argument => argument.getJSONValue());
  },
};

function argumentsOf(instruction: Instruction): string[] {
  return instruction.getArguments().map(argument => argument.getValue());
}
